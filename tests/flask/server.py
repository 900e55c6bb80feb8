"""A Flask app with flask-jwt-extended, for main.rs: `server.py KEY`.

It prints its port, serves on the loopback one request after the other, and ends when its standard input does, so that
it can't outlive the test. Two headers hold for one request: X-Now is the time, X-Config changes the configuration.
"""

import json
import logging
import os
import sys
import threading
from datetime import timedelta
from unittest.mock import patch

import jwt
import time_machine
from flask import Flask, jsonify, request
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt,
    get_jwt_identity,
    jwt_required,
)
from werkzeug.serving import make_server

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = sys.argv[1]
JWTManager(app)


def what_the_view_sees():
    return jsonify(identity=get_jwt_identity(), claims=get_jwt())


@app.route("/access", methods=["GET", "POST"])
@jwt_required()
def access():
    return what_the_view_sees()


@app.get("/fresh")
@jwt_required(fresh=True)
def fresh():
    return what_the_view_sees()


@app.route("/refresh", methods=["GET", "POST"])
@jwt_required(refresh=True)
def refresh():
    return what_the_view_sees()


def create(make):
    """Calls `make` with the arguments in the body; a number for a timedelta is its seconds."""
    arguments = {
        name: timedelta(seconds=value) if type(value) in (int, float) else value
        for name, value in request.json.items()
    }
    token = make(**arguments)
    claims = jwt.decode(token, options={"verify_signature": False})
    return jsonify(token=token, claims=claims)


@app.post("/create/access")
def access_token():
    return create(create_access_token)


@app.post("/create/refresh")
def refresh_token():
    return create(create_refresh_token)


def in_the_scene(environ, start_response):
    now = float(environ["HTTP_X_NOW"])
    config = json.loads(environ["HTTP_X_CONFIG"].encode("latin-1"))
    with time_machine.travel(now, tick=False), patch.dict(app.config, config):
        return app(environ, start_response)


def end_with_stdin():
    sys.stdin.read()
    os._exit(0)


logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = make_server("127.0.0.1", 0, in_the_scene)
print(server.server_port, flush=True)
threading.Thread(target=end_with_stdin, daemon=True).start()
server.serve_forever()
