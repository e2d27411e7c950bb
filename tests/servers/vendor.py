"""The APIs of made-up vendors, each with an auth of its own, on Flask. Every one of them refuses what is wrong.

GET  /chained/page        a page with a token against CSRF in a `meta` element; sets the cookie `visit`
POST /chained/challenge   the user name as a form, with the token in `X-CSRF-Token` and the cookie: a challenge, for one use
POST /chained/token       the challenge and the password as JSON, with the cookie: a token
GET  /chained/items       200 to `X-Session`, 401 without
GET  /multi/login         a form with a hidden field; POST logs in and sets `sid`, `node` and `theme`
GET  /multi/items         200 to `sid` and `node`; each answer changes `sid`, and the one before counts no more
POST /test/end_sessions   no session that was begun so far counts any longer
"""

import hmac
import os
import secrets

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
