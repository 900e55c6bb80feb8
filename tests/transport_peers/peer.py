"""What Python makes of headers, for main.rs: `peer.py KEY`, a line of JSON in, a line out: {"call": NAME, ...}.

werkzeug and flask-jwt-extended are the server, http.cookiejar of the standard library is the browser.
"""

import json
import sys
from email.message import Message
from http.cookiejar import CookieJar
from urllib.request import Request

from flask import Flask, jsonify
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt_identity,
    jwt_required,
    set_access_cookies,
    set_refresh_cookies,
    unset_jwt_cookies,
)
from flask_jwt_extended.exceptions import JWTExtendedException
from flask_jwt_extended.view_decorators import _decode_jwt_from_headers
from werkzeug.http import parse_cookie

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = sys.argv[1]
app.config["JWT_TOKEN_LOCATION"] = ["headers", "cookies"]
JWTManager(app)

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@app.route("/access", methods=METHODS)
@jwt_required()
def access():
    return jsonify(identity=get_jwt_identity())


@app.route("/refresh", methods=METHODS)
@jwt_required(refresh=True)
def refresh():
    return jsonify(identity=get_jwt_identity())


@app.post("/login")
def login():
    response = jsonify()
    set_access_cookies(response, create_access_token("alice"))
    set_refresh_cookies(response, create_refresh_token("alice"))
    return response


@app.post("/logout")
def logout():
    response = jsonify()
    unset_jwt_cookies(response)
    return response


def cookie(header, name):
    """All values of a cookie, as werkzeug reads the header; None where it can't."""
    try:
        return parse_cookie({"HTTP_COOKIE": header}).getlist(name)
    except UnicodeDecodeError:
        return None


def bearer(header):
    """The token, as flask-jwt-extended reads the header; None where it refuses."""
    with app.test_request_context(headers={"Authorization": header}):
        try:
            return _decode_jwt_from_headers()[0]
        except (JWTExtendedException, IndexError):  # The latter with nothing between two commas: to a client, a 500.
            return None


jar = CookieJar()


def stored():
    def attributes(one):
        return {
            "value": one.value,
            "path": one.path,
            "domain": one.domain if one.domain_specified else None,
            "secure": one.secure,
            "http_only": one.has_nonstandard_attr("HttpOnly"),
            "same_site": one.get_nonstandard_attr("SameSite"),
            "session": one.discard,
        }

    return {one.name: attributes(one) for one in jar}


class Response:
    def __init__(self, set_cookies):
        self.message = Message()
        for one in set_cookies:
            self.message.add_header("Set-Cookie", one)

    def info(self):
        return self.message


def store(set_cookies):
    """The browser gets these Set-Cookie headers; what it has then."""
    jar.extract_cookies(Response(set_cookies), Request("https://www.example.com/"))
    return stored()


def visit(method, url, headers):
    """The browser visits the app; what it sent for cookies, what it got, and what it has then."""
    sent = Request(url, method=method)
    jar.add_cookie_header(sent)
    cookies = sent.get_header("Cookie")
    headers = dict(headers, **({"Cookie": cookies} if cookies else {}))
    got = app.test_client(use_cookies=False).open(url, method=method, headers=headers)
    jar.extract_cookies(Response(got.headers.getlist("Set-Cookie")), sent)
    return {"cookies": cookies, "status": got.status_code, "body": got.json, "stored": stored()}


CALLS = {call.__name__: call for call in (cookie, bearer, store, visit)}

for line in sys.stdin:
    arguments = json.loads(line)
    call = CALLS[arguments.pop("call")]
    print(json.dumps(call(**arguments)), flush=True)
