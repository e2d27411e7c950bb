"""An API on Flask that oauthlib guards: every request has to be signed by OAuth 1.0 (RFC 5849), each nonce is good once.

*    /two/PATH              for a client alone
*    /three/PATH            for a client with a token
POST /oauth/request_token   temporary credentials, for a callback at a loopback address or for `oob`
GET  /oauth/authorize       where a person logs in and agrees; sends the browser back, or shows the verifier
POST /oauth/access_token    a token for a verifier, once
POST /test/end_tokens       no token that was had so far counts any longer
"""

import html
import os

from flask import Flask, jsonify, make_response, request
from oauthlib import oauth1

CLIENT, CLIENT_SECRET = os.environ["OAUTH1_CLIENT"], os.environ["OAUTH1_CLIENT_SECRET"]
CLIENT_KEY = os.environ["OAUTH1_CLIENT_KEY"]  # the public half, in PEM
TOKEN, TOKEN_SECRET = os.environ["OAUTH1_TOKEN"], os.environ["OAUTH1_TOKEN_SECRET"]
USERNAME, PASSWORD = os.environ["LOGIN_USERNAME"], os.environ["LOGIN_PASSWORD"]

temporary = {}  # token: {"secret", "callback", "verifier"}
tokens = {TOKEN: TOKEN_SECRET}


class Validator(oauth1.RequestValidator):
    enforce_ssl = False
    allowed_signature_methods = ("HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1", "PLAINTEXT")
    dummy_client = "nobody"
    dummy_access_token = "nothing"
    dummy_request_token = "nothing"

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
        return token in tokens

    def get_access_token_secret(self, client_key, token, request):
        return tokens.get(token, "nothing")

    # temporary credentials, and what becomes of them

    def get_default_realms(self, client_key, request):
        return []

    def validate_requested_realms(self, client_key, realms, request):
        return True

    def validate_redirect_uri(self, client_key, redirect_uri, request):
        return redirect_uri == "oob" or redirect_uri.startswith("http://127.0.0.1:")

    def save_request_token(self, token, request):
        temporary[token["oauth_token"]] = {"secret": token["oauth_token_secret"], "callback": request.redirect_uri}

    def verify_request_token(self, token, request):
        return token in temporary

    def verify_realms(self, token, realms, request):
        return True

    def get_redirect_uri(self, token, request):
        return temporary[token]["callback"]

    def save_verifier(self, token, verifier, request):
        temporary[token]["verifier"] = verifier["oauth_verifier"]

    def get_realms(self, token, request):
        return []

    def validate_request_token(self, client_key, token, request):
        return token in temporary

    def get_request_token_secret(self, client_key, token, request):
        return temporary.get(token, {}).get("secret", "nothing")

    def validate_verifier(self, client_key, token, verifier, request):
        return temporary.get(token, {}).get("verifier") == verifier

    def save_access_token(self, token, request):
        tokens[token["oauth_token"]] = token["oauth_token_secret"]

    def invalidate_request_token(self, client_key, request_token, request):
        temporary.pop(request_token)

    def validate_realms(self, client_key, token, request, uri=None, realms=None):
        return True


app = Flask(__name__)
validator = Validator()
endpoints = {"two": oauth1.SignatureOnlyEndpoint(validator), "three": oauth1.ResourceEndpoint(validator)}
giving = {"request_token": oauth1.RequestTokenEndpoint(validator), "access_token": oauth1.AccessTokenEndpoint(validator)}
consent = oauth1.AuthorizationEndpoint(validator)


def as_sent():
    is_form = request.mimetype == "application/x-www-form-urlencoded"
    # an empty body is none: oauthlib takes any other for parameters only if it is a form
    body = request.get_data(as_text=True) if is_form else None
    # as it was sent: `request.url` is decoded in part
    uri = request.host_url.rstrip("/") + request.environ["RAW_URI"]
    return {"uri": uri, "http_method": request.method, "body": body, "headers": dict(request.headers)}


def answered(headers, body, status):
    return make_response(body or "", status, headers)


@app.post("/oauth/<kind>_token")
def give(kind):
    endpoint = giving[kind + "_token"]
    answer = endpoint.create_request_token_response if kind == "request" else endpoint.create_access_token_response
    return answered(*answer(**as_sent()))


def page(inside):
    token = html.escape(request.values.get("oauth_token", ""))
    return f'<!doctype html><form method=post><input type=hidden name=oauth_token value="{token}">{inside}</form>'


@app.get("/oauth/authorize")
def ask():
    return page("<input name=username><input name=password type=password><button>Log in</button>")


@app.post("/oauth/authorize")
def asked():
    given = request.form
    token = given["oauth_token"]
    if "decision" not in given:
        if given.get("username") != USERNAME or given.get("password") != PASSWORD:
            return "the user name or the password is wrong", 401
        return page("<button name=decision value=yes>Agree</button><button name=decision value=no>Refuse</button>")
    if given["decision"] == "no":
        callback = temporary.pop(token)["callback"]
        return answered({"Location": f"{callback}?denied={token}"}, "", 302)
    headers, body, status = consent.create_authorization_response(**as_sent())
    if status == 200:
        # oauthlib has a form here, which is for no person
        body = "Your code is " + temporary[token]["verifier"]
        headers = {}
    return answered(headers, body, status)


@app.post("/test/end_tokens")
def end_tokens():
    tokens.clear()
    return jsonify(ended=True)


@app.route("/<legs>/<path:path>", methods=["GET", "POST", "PUT", "DELETE"])
def api(legs, path):
    arguments = as_sent()
    if legs == "two":
        valid, _ = endpoints["two"].validate_request(**arguments)
    else:
        valid, _ = endpoints["three"].validate_protected_resource_request(**arguments)
    if not valid:
        return jsonify(granted=False), 401
    return jsonify(granted=True, method=request.method, path=path)
