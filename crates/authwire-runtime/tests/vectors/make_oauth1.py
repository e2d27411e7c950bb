"""Writes oauth1.json: the examples of RFC 5849 §1.2, and requests that oauthlib signs. Needs oauthlib 4.0.1."""

import json
import pathlib
import urllib.parse

from oauthlib.oauth1.rfc5849 import signature

RFC = [
    ("POST", "https://photos.example.net/initiate", "Photos",
     [("oauth_consumer_key", "dpf43f3p2l4k3l03"), ("oauth_callback", "http://printer.example.com/ready")],
     137131200, "wIjqoS", "", "74KNZJeDHnMBp0EMJ9ZHt/XKycU="),
    ("POST", "https://photos.example.net/token", "Photos",
     [("oauth_consumer_key", "dpf43f3p2l4k3l03"), ("oauth_token", "hh5s93j4hdidpola"),
      ("oauth_verifier", "hfdp7dh39dks9884")],
     137131201, "walatlh", "hdhd0244k9j7ao03", "gKgrFCywp7rO0OXSjdot/IHF7IU="),
    ("GET", "http://photos.example.net/photos?file=vacation.jpg&size=original", "Photos",
     [("oauth_consumer_key", "dpf43f3p2l4k3l03"), ("oauth_token", "nnch734d00sl2jdk")],
     137131202, "chapoH", "pfkkdhi9sl3r4s00", "MdpQcU8iPSUjWoN/UDMsK2sui9I="),
]
REQUESTS = [
    ("GET", "https://api.example.net/a%20b/c?x=1&x=0&empty=&plus=a%2Bb&space=a+b&%C3%A9=%E2%98%83", None),
    ("POST", "http://API.example.net:8080/form?b=2", "c=%2526&a=1&a=%7E&d=*!'()"),
    ("PUT", "https://api.example.net:443/", None),
    ("DELETE", "http://api.example.net:443/x%2Fy;z=1", None),
]


def sign(method, uri, form, parameters, name, client_secret, token_secret):
    uri_query = urllib.parse.urlsplit(uri).query
    headers = {"Authorization": "OAuth " + ", ".join(
        f'{n}="{urllib.parse.quote(v, safe="~")}"' for n, v in parameters)}
    # oauthlib checks the alphabet of forms more strictly than it has to, so the pairs are given as pairs
    pairs = signature.collect_parameters(uri_query=uri_query, body=None, headers=headers)
    pairs += urllib.parse.parse_qsl(form or "", keep_blank_values=True)
    base = signature.signature_base_string(
        method, signature.base_string_uri(uri), signature.normalize_parameters(pairs))
    if name == "HMAC-SHA1":
        return signature.sign_hmac_sha1(base, client_secret, token_secret)
    if name == "HMAC-SHA256":
        return signature.sign_hmac_sha256(base, client_secret, token_secret)
    return signature.sign_plaintext(client_secret, token_secret)


vectors = []
for method, uri, realm, parameters, timestamp, nonce, token_secret, expected in RFC:
    vectors.append({
        "name": f"RFC 5849 §1.2 {uri}", "method": method, "uri": uri, "form": None, "realm": realm,
        "parameters": parameters, "timestamp": timestamp, "nonce": nonce, "signature_method": "HMAC-SHA1",
        "client_secret": "kd94hf93k423kf44", "token_secret": token_secret, "signature": expected})
    made = parameters + [("oauth_signature_method", "HMAC-SHA1"), ("oauth_timestamp", str(timestamp)),
                         ("oauth_nonce", nonce)]
    ours = sign(method, uri, None, made, "HMAC-SHA1", "kd94hf93k423kf44", token_secret)
    assert ours == expected, uri
for method, uri, form in REQUESTS:
    for name in ["HMAC-SHA1", "HMAC-SHA256", "PLAINTEXT"]:
        for client_secret, token_secret in [("s&e cr=é", "t+k/n%"), ("alone", "")]:
            given = [("oauth_consumer_key", "key+1")] + ([("oauth_token", "t ok/en")] if token_secret else [])
            made = given + [("oauth_signature_method", name), ("oauth_timestamp", "1700000000"),
                            ("oauth_nonce", "n0nce")]
            vectors.append({
                "name": f"oauthlib {name} {method} {uri}", "method": method, "uri": uri, "form": form,
                "realm": None, "parameters": given, "timestamp": 1700000000, "nonce": "n0nce",
                "signature_method": name, "client_secret": client_secret, "token_secret": token_secret,
                "signature": sign(method, uri, form, made, name, client_secret, token_secret)})
text = json.dumps(vectors, ensure_ascii=False, indent=1)
pathlib.Path(__file__).with_name("oauth1.json").write_text(text + "\n", encoding="utf-8")
