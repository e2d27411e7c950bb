"""An API on Flask that oauthlib guards: every request has to be signed by OAuth 1.0 (RFC 5849), each nonce is good once.

*  /two/PATH     for a client alone
*  /three/PATH   for a client with a token
"""

import os

from flask import Flask, jsonify, request
from oauthlib import oauth1

CLIENT, CLIENT_SECRET = os.environ["OAUTH1_CLIENT"], os.environ["OAUTH1_CLIENT_SECRET"]
CLIENT_KEY = os.environ["OAUTH1_CLIENT_KEY"]  # the public half, in PEM
TOKEN, TOKEN_SECRET = os.environ["OAUTH1_TOKEN"], os.environ["OAUTH1_TOKEN_SECRET"]


class Validator(oauth1.RequestValidator):
    enforce_ssl = False
    allowed_signature_methods = ("HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1", "PLAINTEXT")
    dummy_client = "nobody"
    dummy_access_token = "nothing"

    def __init__(self):
        super().__init__()
        self.seen = set()

    def check_client_key(self, client_key):
        return bool(client_key)

    def check_access_token(self, request_token):
        return bool(request_token)

    def check_nonce(self, nonce):
        return len(nonce) >= 20

    def validate_timestamp_and_nonce(self, client_key, timestamp, nonce, request, request_token=None, access_token=None):
        key = (client_key, timestamp, nonce)
        if key in self.seen:
            return False
        self.seen.add(key)
        return True

    def validate_client_key(self, client_key, request):
        return client_key == CLIENT

    def get_client_secret(self, client_key, request):
        return CLIENT_SECRET if client_key == CLIENT else "nothing"

    def get_rsa_key(self, client_key, request):
        return CLIENT_KEY

    def validate_access_token(self, client_key, token, request):
        return token == TOKEN

    def get_access_token_secret(self, client_key, token, request):
        return TOKEN_SECRET if token == TOKEN else "nothing"

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True


app = Flask(__name__)
validator = Validator()
endpoints = {"two": oauth1.SignatureOnlyEndpoint(validator), "three": oauth1.ResourceEndpoint(validator)}


@app.route("/<legs>/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
def api(legs, path):
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    # an empty body is none: oauthlib takes any other for parameters only if it is a form
    body = request.get_data(as_text=True) if is_form else None
    # as it was sent: `request.url` is decoded in part
    uri = request.host_url.rstrip("/") + request.environ["RAW_URI"]
    arguments = {"uri": uri, "http_method": request.method, "body": body, "headers": dict(request.headers)}
    if legs == "two":
        valid, _ = endpoints["two"].validate_request(**arguments)
    else:
        valid, _ = endpoints["three"].validate_protected_resource_request(**arguments)
    if not valid:
        return jsonify(granted=False), 401
    return jsonify(granted=True, method=request.method, path=path)
