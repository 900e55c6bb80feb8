"""Fills corpus/ with the project's own cases, in the form that each target takes."""

import json
from base64 import urlsafe_b64decode
from hashlib import sha1
from pathlib import Path

HERE = Path(__file__).resolve().parent
CASES = json.loads((HERE / "../tests/vectors/token_cases.json").read_text())["cases"]

# What the claims of the target `custom` look like.
CUSTOM = [
    r'{"text":"Jos\u00e9 \"q\" \\ \ud83d\ude00","letter":"\n","flag":true,"small":-128,"big":18446744073709551615}',
    r'{"float":-1.5e3,"list":["a","\"b\"",""],"pair":[255,-32768],"sub":"a\"}","unknown":[{"x":null},1.0]}',
    r'{"inner":{"name":"n","numbers":[1,-2,0],"more":{"a":["}"]}},"kind":"unit","aud":["x","y\"]"]}',
    r'{"kind":{"new":7},"flag":null,"float":null,"iat":1.0}',
    r'{"kind":{"struct":{"x":true}},"te\u0078t":"escaped name"}',
]


def add(target, data):
    folder = HERE / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / sha1(data).hexdigest()).write_bytes(data)


def decoded(segment):
    try:
        return urlsafe_b64decode(segment + "=" * (-len(segment) % 4))
    except ValueError:
        return None


for case in CASES:
    token = case["token"]
    # The long ones are about resources: they would slow every run down.
    if len(token) > 4096:
        continue
    add("verify_raw", token.encode())
    segments = token.split(".")
    for segment in segments:
        add("base64url", segment.encode())
    if len(segments) != 3:
        continue
    header, payload = map(decoded, segments[:2])
    if header is not None and payload is not None:
        add("verify_signed", header + b"\0" + payload)
        add("reader", payload)
for claims in CUSTOM:
    add("custom", claims.encode())
