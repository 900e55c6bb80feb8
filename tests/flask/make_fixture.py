"""Makes tests/fixtures/flask_access_token.json, a token for "alice" that is valid for 100 years.

    python tests/flask/make_fixture.py > tests/fixtures/flask_access_token.json

in an environment with requirements.txt. The time is set, `jti` and `csrf` are random: each run makes another token.
"""

import json
from datetime import timedelta
from importlib.metadata import version

import time_machine
from flask import Flask
from flask_jwt_extended import JWTManager, create_access_token

MADE_AT = 1_767_225_600  # 2026-01-01T00:00:00Z
LIFETIME = timedelta(days=36_525)
KEY = "the secret that Flask and jotlet share"

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = KEY
JWTManager(app)

with app.app_context(), time_machine.travel(MADE_AT, tick=False):
    token = create_access_token("alice", expires_delta=LIFETIME)

fixture = {
    "made_by": f"flask-jwt-extended {version('flask-jwt-extended')}, PyJWT {version('pyjwt')}",
    "key": KEY,
    "made_at": MADE_AT,
    "expires_at": MADE_AT + int(LIFETIME.total_seconds()),
    "token": token,
}
print(json.dumps(fixture, indent=2))
