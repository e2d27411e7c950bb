"""The APIs of made-up vendors, each with an auth of its own, on Flask. Every one of them refuses what is wrong.

GET  /chained/page        a page with a token against CSRF in a `meta` element; sets the cookie `visit`
POST /chained/challenge   the user name as a form, with the token in `X-CSRF-Token` and the cookie: a challenge, for one use
POST /chained/token       the challenge and the password as JSON, with the cookie: a token
GET  /chained/items       200 to `X-Session`, 401 without
GET  /multi/login         a form with a hidden field; POST logs in and sets `sid`, `node` and `theme`
GET  /multi/items         200 to `sid` and `node`; each answer changes `sid`, and the one before counts no more
*    /signed/…            a token by a signed GET, with an account beside it; calls send both, signed too. One that is over is
                          told by a header, with 200
*    /hmac/…              200 to a signature that Python's hmac makes too, 401 to any other
POST /body/form, json     200 to a key in the body
GET  /by_get/token        a token by GET and query; POST /in_header/tokens one in a header; POST /two_urls/login one that
                          POST /two_urls/renew renews; POST /jwt/login one that says itself when it ends
GET  /test/counts         how many tokens were handed out, by each
POST /test/end_sessions   no session that was begun so far counts any longer
"""

import base64
import email.utils
import hashlib
import hmac
import json
import os
import secrets
import time

from flask import Flask, jsonify, make_response, request

app = Flask(__name__)

USERNAME = os.environ["LOGIN_USERNAME"]
PASSWORD = os.environ["LOGIN_PASSWORD"]


def same(given, expected):
    return isinstance(given, str) and hmac.compare_digest(given.encode(), expected.encode())


def refused(why, status=401):
    return jsonify(message=why), status


# a login in three steps

visits = {}
challenges = {}
sessions = set()


@app.get("/chained/page")
def chained_page():
    visit, csrf = secrets.token_urlsafe(9), secrets.token_urlsafe(9) + "&<\"'"
    visits[visit] = csrf
    escaped = csrf.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("'", "&#39;")
    page = f'<!doctype html><title>Log in</title><!-- <meta name="csrf-token" content="old"> --><meta name="csrf-token" content="{escaped}">'
    answer = make_response(page)
    answer.set_cookie("visit", visit, path="/chained", httponly=True)
    return answer


@app.post("/chained/challenge")
def chained_challenge():
    visit = request.cookies.get("visit")
    if not same(request.headers.get("X-CSRF-Token"), visits.get(visit, "")) or not visit:
        return refused("the token against CSRF is not that of the page", 403)
    if request.form.get("user") != USERNAME:
        return refused("nobody is called so")
    number, nonce = secrets.randbelow(10**6), secrets.token_urlsafe(9)
    challenges[number] = (visit, nonce)
    return jsonify(challenge={"id": number, "nonce": nonce}, next="/chained/token")


@app.post("/chained/token")
def chained_token():
    given = request.get_json()
    visit, nonce = challenges.pop(given.get("id"), (None, ""))
    if visit is None or visit != request.cookies.get("visit") or not same(given.get("nonce"), nonce):
        return refused("the challenge is not known", 403)
    if not same(given.get("password"), PASSWORD):
        return refused("the password is wrong")
    session = secrets.token_urlsafe(9)
    sessions.add(session)
    return jsonify(session={"token": session})


@app.get("/chained/items")
def chained_items():
    if request.headers.get("X-Session") not in sessions:
        return refused("log in first")
    return jsonify(items=[])


@app.post("/test/end_sessions")
def end_sessions():
    sessions.clear()
    multi.clear()
    accounts.clear()
    return jsonify(ended=True)


# a session in several cookies

forms = {}
multi = {}


@app.get("/multi/login")
def multi_form():
    form, hidden = secrets.token_urlsafe(9), secrets.token_urlsafe(9)
    forms[form] = hidden
    page = f"<form method=post><input type=hidden name=_token value='{hidden}'><input name=login><input name=pass></form>"
    answer = make_response(page)
    answer.set_cookie("form", form)
    return answer


@app.post("/multi/login")
def multi_login():
    hidden = forms.pop(request.cookies.get("form"), None)
    if hidden is None or not same(request.form.get("_token"), hidden):
        return refused("the form is not ours", 403)
    if request.form.get("login") != USERNAME or not same(request.form.get("pass"), PASSWORD):
        return refused("the user name or the password is wrong")
    sid, node = secrets.token_urlsafe(9), secrets.token_urlsafe(9)
    multi[sid] = node
    answer = make_response("", 303, {"Location": "/multi/items"})
    answer.set_cookie("sid", sid, httponly=True)
    answer.set_cookie("node", node)
    answer.set_cookie("theme", "dark", path="/multi")
    answer.delete_cookie("form")
    return answer


@app.get("/multi/items")
def multi_items():
    node = multi.pop(request.cookies.get("sid"), None)
    if node is None or not same(request.cookies.get("node"), node):
        return refused("your session is over", 419)
    sid = secrets.token_urlsafe(9)
    multi[sid] = node
    answer = make_response(jsonify(items=[], cookies=sorted(request.cookies)))
    answer.set_cookie("sid", sid, httponly=True)
    return answer


# signatures, each checked with Python's own hmac

KEY_ID = "key-1"
KEY = base64.b64decode("q80Yw3+vS1mP/0dHn5cKZ7lQv4rW2xTfEoUuBgJiNsA=")
seen_nonces = set()


def fresh(timestamp, unit=1):
    return abs(time.time() - int(timestamp) / unit) < 60


@app.route("/hmac/exchange/<path:rest>", methods=["GET", "POST"])
def hmac_exchange(rest):
    """CB-ACCESS: Base64 of HMAC-SHA256 over timestamp, method, path with query, body; the key is Base64."""
    timestamp = request.headers.get("X-Timestamp", "0")
    target = request.full_path if request.query_string else request.path
    signed = f"{timestamp}{request.method}{target}".encode() + request.get_data()
    expected = base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
    if request.headers.get("X-Key") != KEY_ID or not fresh(timestamp) or not same(request.headers.get("X-Sign"), expected):
        return refused("the signature is wrong")
    return jsonify(signed=True, method=request.method)


@app.route("/hmac/header/<path:rest>", methods=["GET", "POST"])
def hmac_header(rest):
    """As Azure has it: lines of method, target, and date;host;digest of the body, all in `Authorization`."""
    date = request.headers.get("X-Date", "")
    digest = base64.b64encode(hashlib.sha256(request.get_data()).digest()).decode()
    target = request.full_path if request.query_string else request.path
    signed = f"{request.method}\n{target}\n{date};{request.host};{digest}".encode()
    expected = hmac.new(KEY.hex().encode(), signed, hashlib.sha512).hexdigest()
    given = f"HMAC-SHA512 Credential={KEY_ID}&SignedHeaders=x-date;host;x-content-sha256&Signature={expected}"
    age = abs(time.time() - email.utils.parsedate_to_datetime(date).timestamp()) if date else 999
    if request.headers.get("X-Content-SHA256") != digest or age > 60 or not same(request.headers.get("Authorization"), given):
        return refused("the signature is wrong")
    return jsonify(signed=True, method=request.method)


@app.route("/hmac/query/<path:rest>", methods=["GET", "POST"])
def hmac_query(rest):
    """As exchanges have it: SHA-1 or so over the query that comes before, the signature its last parameter; one nonce a request."""
    query = request.query_string.decode()
    signed, _, given = query.rpartition("&signature=")
    nonce = request.args.get("nonce")
    expected = hmac.new(KEY.hex().encode(), signed.encode(), hashlib.sha1).hexdigest()
    if not same(given, expected) or not fresh(request.args.get("timestamp", "0"), 1000) or nonce in seen_nonces:
        return refused("the signature is wrong")
    seen_nonces.add(nonce)
    return jsonify(signed=True, method=request.method)


# a login that is signed itself

accounts = {}


def signs_itself(before):
    given = request.headers
    target = request.full_path if request.query_string else request.path
    body = hashlib.sha256(request.get_data()).hexdigest()
    signed = f"{KEY_ID}{before}{given.get('X-Time')}{given.get('X-Nonce')}{request.method}\n{body}\n{target}"
    expected = hmac.new(KEY.hex().encode(), signed.encode(), hashlib.sha256).hexdigest()
    if given.get("X-Client") != KEY_ID or not fresh(given.get("X-Time", "0"), 1000) or given.get("X-Nonce") in seen_nonces:
        return False
    seen_nonces.add(given.get("X-Nonce"))
    return same(given.get("X-Sign"), expected)


@app.get("/signed/token")
def signed_token():
    if not signs_itself("") or request.args.get("grant_type") != "1":
        return jsonify(code="sign_invalid", message="the signature is wrong")
    token, account = secrets.token_urlsafe(9), secrets.randbelow(10**9)
    accounts[token] = account
    counts["signed"] += 1
    return jsonify(result={"access_token": token, "uid": account})


@app.route("/signed/<path:rest>", methods=["GET", "POST"])
def signed_call(rest):
    token, account = request.headers.get("X-Token", ""), request.headers.get("X-Account", "")
    if not signs_itself(token + account):
        return refused("the signature is wrong")
    if accounts.get(token) is None:
        return jsonify(success=False), 200, {"X-Token-State": "Expired"}
    if str(accounts[token]) != account:
        return refused("the account is another one")
    return jsonify(success=True)


# a key in the call's own body


@app.post("/body/<kind>")
def in_the_body(kind):
    given = request.get_json(silent=True) if request.is_json else request.form
    if (kind == "json") != request.is_json or given is None or not same(given.get("api_key"), PASSWORD):
        return refused("the key is not in the body")
    if given.get("account") != "acme":
        return refused("the account is not in the body")
    return jsonify(rest={name: value for name, value in given.items() if name not in ("api_key", "account")})


# tokens: by GET, in headers, with a place of their own to renew them, that say themselves when they end

counts = {"signed": 0, "by_get": 0, "in_header": 0, "login": 0, "renew": 0, "jwt": 0}
live = {}


def hand_out(kind, seconds=300):
    counts[kind] += 1
    token = secrets.token_urlsafe(12)
    live[token] = time.time() + seconds
    return token


def lives(token):
    return live.get(token, 0) > time.time()


@app.get("/by_get/token")
def by_get():
    if request.get_data() or request.args.get("corpid") != "acme" or not same(request.args.get("corpsecret"), PASSWORD):
        return jsonify(errcode=40001, errmsg="invalid credential")
    return jsonify(errcode=0, access_token=hand_out("by_get"), expires_in=7200)


@app.get("/by_get/items")
def by_get_items():
    return jsonify(items=[]) if lives(request.args.get("access_token")) else refused("no token")


@app.post("/in_header/tokens")
def in_header():
    given = request.get_json()["auth"]["identity"]["password"]["user"]
    if given.get("name") != USERNAME or not same(given.get("password"), PASSWORD):
        return refused("the user name or the password is wrong")
    answer = make_response(jsonify(token={"methods": ["password"]}), 201)
    answer.headers["X-Subject-Token"] = hand_out("in_header")
    ends = time.gmtime(time.time() + 300)
    answer.headers["X-Expires"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", ends)
    return answer


@app.get("/in_header/items")
def in_header_items():
    return jsonify(items=[]) if lives(request.headers.get("X-Auth-Token")) else refused("no token")


renewals = set()


def access_and_refresh(kind):
    refresh = secrets.token_urlsafe(12)
    renewals.add(refresh)
    return jsonify(accessToken=hand_out(kind, 1), refreshToken=refresh, validFor=1000)


@app.post("/two_urls/login")
def two_urls_login():
    given = request.get_json()
    if given.get("user") != USERNAME or not same(given.get("password"), PASSWORD):
        return jsonify(error="invalid_grant", message="the user name or the password is wrong"), 400
    return access_and_refresh("login")


@app.post("/two_urls/renew")
def two_urls_renew():
    given = request.form.get("token")
    if given not in renewals or request.headers.get("X-Client") != "acme" or list(request.form) != ["token"]:
        return jsonify(error="invalid_grant", message="this is no refresh token"), 400
    renewals.discard(given)
    return access_and_refresh("renew")


@app.get("/two_urls/items")
def two_urls_items():
    given = request.headers.get("Authorization", "").removeprefix("Token ")
    return jsonify(items=[]) if lives(given) else refused("no token")


def unsigned_part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@app.post("/jwt/login")
def jwt_login():
    given = request.form
    if given.get("user") != USERNAME or not same(given.get("password"), PASSWORD):
        return refused("the user name or the password is wrong")
    counts["jwt"] += 1
    head = unsigned_part({"alg": "HS256"}) + "." + unsigned_part({"exp": int(time.time()) + 3, "n": counts["jwt"]})
    tag = hmac.new(KEY, head.encode(), hashlib.sha256).digest()
    answer = make_response("", 204)
    answer.set_cookie("jwt", head + "." + base64.urlsafe_b64encode(tag).rstrip(b"=").decode())
    return answer


@app.get("/jwt/items")
def jwt_items():
    head, _, tag = request.headers.get("Authorization", "").removeprefix("JWT ").rpartition(".")
    expected = base64.urlsafe_b64encode(hmac.new(KEY, head.encode(), hashlib.sha256).digest()).rstrip(b"=").decode()
    if not head or not same(tag, expected):
        return refused("no token")
    claims = head.split(".")[1]
    ends = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["exp"]
    return jsonify(items=[]) if ends > time.time() else refused("the token is over", 403)


@app.get("/test/counts")
def how_often():
    return jsonify(counts)
