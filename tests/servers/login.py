"""A login application on Flask, whose sessions are in a cookie that Flask signs.

POST /login              username and password, as a form (answered by a redirect) or as JSON; sets the cookie `session`
*    /whoami             200 and {"user"} within a session, 401 without one
*    /page              the same, but a redirect to the login page without one
*    /digest             the same to whoever answers its Digest challenge (RFC 7616, SHA-256); 401 with the challenge else
POST /test/end_sessions  no session that was begun so far counts any longer
"""

import hashlib
import os

from flask import Flask, jsonify, redirect, request, session

app = Flask(__name__)
app.secret_key = os.urandom(16)

USERNAME = os.environ["LOGIN_USERNAME"]
PASSWORD = os.environ["LOGIN_PASSWORD"]

epoch = 0


@app.post("/login")
def login():
    given = request.get_json() if request.is_json else request.form
    if given.get("username") != USERNAME or given.get("password") != PASSWORD:
        return jsonify(message="the user name or the password is wrong"), 401
    session["user"], session["epoch"] = USERNAME, epoch
    return jsonify(ok=True) if request.is_json else redirect("/whoami")


@app.route("/whoami", methods=["GET", "POST"])
def whoami():
    if session.get("epoch") != epoch:
        return jsonify(message="log in first"), 401
    return jsonify(user=session["user"])


@app.get("/page")
def page():
    if session.get("epoch") != epoch:
        return redirect("/login?next=%2Fpage")
    return jsonify(user=session["user"])


@app.get("/login")
def login_page():
    return "<form method=post><input name=username><input name=password type=password></form>"


NONCE = os.urandom(16).hex()


def digest_of(*parts):
    return hashlib.sha256(":".join(parts).encode()).hexdigest()


@app.route("/digest", methods=["GET", "POST"])
def digest():
    given = request.authorization
    if given is not None and given.type == "digest":
        key = digest_of(USERNAME, "login", PASSWORD)
        asked = digest_of(request.method, request.full_path.rstrip("?"))
        parts = (key, NONCE, given.get("nc", ""), given.get("cnonce", ""), "auth", asked)
        if given.get("response") == digest_of(*parts):
            return jsonify(user=USERNAME)
    challenge = f'Digest realm="login", qop="auth", algorithm=SHA-256, nonce="{NONCE}", charset=UTF-8'
    return jsonify(message="answer the challenge"), 401, {"WWW-Authenticate": challenge}


@app.post("/test/end_sessions")
def end_sessions():
    global epoch
    epoch += 1
    return jsonify(epoch=epoch)
