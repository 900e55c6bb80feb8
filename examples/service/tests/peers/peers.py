"""A client with requests, and a Flask app that shares the service's key: `peers.py SERVICE`, where SERVICE is the program.

Each of the two takes the other's tokens, in the header and in cookies.
"""

import logging
import pathlib
import secrets
import subprocess
import sys
import threading
import unittest

import requests
from flask import Flask, jsonify
from flask_jwt_extended import (
    JWTManager,
    create_access_token,
    create_refresh_token,
    get_jwt,
    get_jwt_identity,
    jwt_required,
)
from werkzeug.serving import make_server

USERS = pathlib.Path(__file__).parent.parent / "users.txt"
KEY = secrets.token_hex(32)
LOGIN = {"user": "alice", "password": "correct horse"}

app = Flask(__name__)
app.config["JWT_SECRET_KEY"] = KEY
app.config["JWT_TOKEN_LOCATION"] = ["headers", "cookies"]
JWTManager(app)


@app.route("/me", methods=["GET", "POST"])
@jwt_required()
def me():
    return jsonify(user=get_jwt_identity(), fresh=get_jwt()["fresh"])


@app.get("/fresh")
@jwt_required(fresh=True)
def fresh():
    return jsonify(user=get_jwt_identity())


@app.post("/refresh")
@jwt_required(refresh=True)
def refresh():
    return jsonify(access_token=create_access_token(get_jwt_identity(), fresh=False))


def flask_token(make, **arguments):
    with app.app_context():
        return make("bob", **arguments)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


class Peers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        settings = {
            "LISTEN": "127.0.0.1:0",
            "USERS_FILE": str(USERS),
            "JWT_KEYS": f"shared={KEY}",
            # Python sends cookies with Secure over HTTPS only, even to its own machine.
            "INSECURE_COOKIES": "1",
            "RUST_LOG": "off",
        }
        cls.process = subprocess.Popen([sys.argv[1]], env=settings, stdout=subprocess.PIPE, text=True)
        cls.service = cls.process.stdout.readline().split()[-1]
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        cls.server = make_server("127.0.0.1", 0, app)
        cls.flask = f"http://127.0.0.1:{cls.server.port}"
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.process.terminate()
        cls.process.wait()
        cls.process.stdout.close()

    def login(self, **more):
        session = requests.Session()
        session.trust_env = False
        answer = session.post(f"{self.service}/login", json={**LOGIN, **more})
        self.assertEqual(answer.status_code, 200)
        return session, answer.json()

    def test_flask_reads_the_services_tokens(self):
        session, first = self.login()
        seen = session.get(f"{self.flask}/me", headers=bearer(first["access_token"]))
        self.assertEqual((seen.status_code, seen.json()), (200, {"user": "alice", "fresh": True}))
        self.assertEqual(session.get(f"{self.flask}/fresh", headers=bearer(first["access_token"])).status_code, 200)

        second = session.post(f"{self.service}/refresh", headers=bearer(first["refresh_token"])).json()
        seen = session.get(f"{self.flask}/me", headers=bearer(second["access_token"]))
        self.assertEqual(seen.json(), {"user": "alice", "fresh": False})
        self.assertEqual(session.get(f"{self.flask}/fresh", headers=bearer(second["access_token"])).status_code, 401)
        self.assertEqual(session.get(f"{self.flask}/me", headers=bearer(second["refresh_token"])).status_code, 422)
        seen = session.post(f"{self.flask}/refresh", headers=bearer(second["refresh_token"]))
        self.assertEqual(seen.status_code, 200)

    def test_the_service_reads_flasks_tokens(self):
        session = requests.Session()
        session.trust_env = False
        for is_fresh, status in [(True, 200), (False, 401)]:
            token = flask_token(create_access_token, fresh=is_fresh)
            seen = session.get(f"{self.service}/me", headers=bearer(token))
            self.assertEqual((seen.status_code, seen.json()["user"], seen.json()["fresh"]), (200, "bob", is_fresh))
            transfer = {"to": "alice", "amount": 10}
            seen = session.post(f"{self.service}/transfer", headers=bearer(token), json=transfer)
            self.assertEqual(seen.status_code, status)

        refresh_token = flask_token(create_refresh_token)
        self.assertEqual(session.get(f"{self.service}/me", headers=bearer(refresh_token)).status_code, 422)
        # It belongs to no session here, and could be replayed: Flask's refresh tokens are Flask's to exchange.
        self.assertEqual(session.post(f"{self.service}/refresh", headers=bearer(refresh_token)).status_code, 401)

        everywhere = session.post(f"{self.service}/logout-everywhere", headers=bearer(token))
        self.assertEqual(everywhere.status_code, 204)
        self.assertEqual(session.get(f"{self.service}/me", headers=bearer(token)).status_code, 401)

    def test_one_cookie_jar_for_both(self):
        session, body = self.login(cookies=True)
        self.assertNotIn("access_token", body)
        # A cookie holds for every port of a host.
        self.assertEqual(session.get(f"{self.service}/me").json()["user"], "alice")
        self.assertEqual(session.get(f"{self.flask}/me").json()["user"], "alice")
        self.assertEqual(session.post(f"{self.flask}/me").status_code, 401)
        csrf = {"X-CSRF-TOKEN": session.cookies["csrf_access_token"]}
        self.assertEqual(session.post(f"{self.flask}/me", headers=csrf).status_code, 200)

        csrf = {"X-CSRF-TOKEN": session.cookies["csrf_refresh_token"]}
        self.assertEqual(session.post(f"{self.service}/refresh").status_code, 401)
        self.assertEqual(session.post(f"{self.service}/refresh", headers=csrf).status_code, 200)
        csrf = {"X-CSRF-TOKEN": session.cookies["csrf_refresh_token"]}
        self.assertEqual(session.post(f"{self.service}/logout", headers=csrf).status_code, 204)
        self.assertEqual(len(session.cookies), 0)
        self.assertEqual(session.get(f"{self.service}/me").status_code, 401)

    def test_flasks_cookies_open_the_service(self):
        session = requests.Session()
        session.trust_env = False
        session.cookies.set("access_token_cookie", flask_token(create_access_token, fresh=True))
        self.assertEqual(session.get(f"{self.service}/me").json()["user"], "bob")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
