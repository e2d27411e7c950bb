"""Writes sigv4.json: requests that botocore signs, with the key and the time of AWS's published test suite.

Needs botocore 1.44.8. The signature of `get-vanilla` is compared with the published one.
"""

import datetime
import json
import pathlib
from unittest import mock

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

NOW = datetime.datetime(2015, 8, 30, 12, 36, 0, tzinfo=datetime.timezone.utc)
KEY = ("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
HOST = "https://example.amazonaws.com"
VANILLA = "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
JSON = [("content-type", "application/json; charset=utf-8")]
REQUESTS = [
    ("get-vanilla", "GET", HOST + "/", [], "", "service", None),
    ("post-vanilla", "POST", HOST + "/", [], "", "service", None),
    ("get-vanilla-query-order", "GET", HOST + "/?Param1=value2&Param1=value1&Param0=", [], "", "service", None),
    ("get-unreserved", "GET", HOST + "/-._~0123456789ABCxyz?-._~=-._~", [], "", "service", None),
    ("get-utf8", "GET", HOST + "/%E1%88%B4?%E1%88%B4=bar", [], "", "service", None),
    ("get-space", "GET", HOST + "/a%20b/c?d%20e=f%20g%2Bh", [], "", "service", None),
    ("get-relative", "GET", HOST + "/example1/example2/../..", [], "", "service", None),
    ("get-slashes", "GET", HOST + "//example//", [], "", "service", None),
    ("header-value-trim", "GET", HOST + "/", [("my-header1", "  value1   a  ")], "", "service", None),
    ("port", "GET", HOST + ":8443/x", [], "", "service", None),
    ("own-port", "GET", HOST + ":443/x", [], "", "service", None),
    ("post-json", "POST", HOST + "/things?b=1&a=2", JSON, '{"name":"é"}', "execute-api", None),
    ("session-token", "POST", HOST + "/", JSON, "{}", "service", "AQoDYXdzEPT//token+=="),
    ("s3-get", "GET", "https://bucket.s3.amazonaws.com/a%20b//c/../%C3%A9?list-type=2&prefix=x%2Fy", [], "", "s3", None),
    ("s3-put", "PUT", "https://bucket.s3.amazonaws.com/key", [("x-amz-acl", "private")], "text", "s3", "tok"),
]

vectors = []
for name, method, uri, headers, body, service, token in REQUESTS:
    request = AWSRequest(method=method, url=uri, headers=dict(headers), data=body.encode())
    signer = (auth.S3SigV4Auth if service == "s3" else auth.SigV4Auth)(
        Credentials(*KEY, token=token), service, "us-east-1")
    request.context["client_config"] = None
    request.context["payload_signing_enabled"] = True
    with mock.patch("botocore.auth.get_current_datetime", return_value=NOW):
        signer.add_auth(request)
    authorization = request.headers["Authorization"]
    if name == "get-vanilla":
        assert authorization.endswith(VANILLA), authorization
    vectors.append({"name": name, "method": method, "uri": uri, "headers": headers, "body": body,
                    "service": service, "s3": service == "s3", "session_token": token,
                    "authorization": authorization})
text = json.dumps(vectors, ensure_ascii=False, indent=1)
pathlib.Path(__file__).with_name("sigv4.json").write_text(text + "\n", encoding="utf-8")
