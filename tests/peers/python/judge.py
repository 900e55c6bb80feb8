"""PyJWT's verdicts on the token cases: `judge.py CASES`."""

import base64
import json
import sys
from importlib.metadata import version

import jwt
import time_machine

# PyJWT asks datetime for the time, which ends with the year 9999.
LAST_TIME = 253_402_300_799


def pyjwt(case):
    if case["now"] > LAST_TIME:
        return "no clock"
    key = base64.b64decode(case["key_b64"])
    options = {"require": ["exp"], "enforce_minimum_key_length": True}
    try:
        with time_machine.travel(case["now"], tick=False):
            claims = jwt.decode(case["token"], key, algorithms=["HS256"], leeway=case["leeway"], options=options)
    except jwt.PyJWTError:
        return "refuses"
    except Exception:
        return "breaks"
    return "accepts" if claims.get("type") == case["expected_type"] else "refuses"


with open(sys.argv[1], encoding="utf-8") as file:
    cases = json.load(file)["cases"]
verdicts = {case["id"]: pyjwt(case) for case in cases}
json.dump([{"name": "PyJWT", "version": version("pyjwt"), "verdicts": verdicts}], sys.stdout)
