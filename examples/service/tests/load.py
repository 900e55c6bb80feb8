"""What authentication costs: `load.py SERVER SECONDS`, where SERVER is the example open_me.

wrk asks GET /me, in memory and with Redis, and GET /open-me, the same route without authentication, in turns, so that whatever
else the machine does falls on all of them. Printed are the medians.
"""

import contextlib
import json
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.request

ROUNDS = 5
CONNECTIONS = 32

server, seconds = sys.argv[1], int(sys.argv[2])


@contextlib.contextmanager
def running(command, ready, env=None):
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    try:
        line = next((line for line in process.stdout if ready in line), None)
        if line is None:
            sys.exit(f"{command[0]} did not start")
        yield line
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def redis():
    with tempfile.TemporaryDirectory() as directory:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = str(free.getsockname()[1])
        command = ["redis-server", "--bind", "127.0.0.1", "--port", port, "--save", "", "--dir", directory]
        with running(command, "Ready to accept connections"):
            yield f"redis://127.0.0.1:{port}"


@contextlib.contextmanager
def service(**settings):
    env = {"LISTEN": "127.0.0.1:0", "DEVELOPMENT": "1", **settings}
    with running([server], "listening on", env) as line:
        url = line.split()[-1]
        login = urllib.request.Request(
            f"{url}/login",
            data=json.dumps({"user": "alice", "password": "correct horse"}).encode(),
            headers={"Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(login) as answer:
            token = json.load(answer)["access_token"]
        yield url, token


def measure(url, token=None):
    """Requests a second, and the 99th percentile of the latency in milliseconds."""
    command = ["wrk", "--latency", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    if token:
        command += ["-H", f"Authorization: Bearer {token}"]
    output = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        sys.exit(output)
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", output).groups()
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    return rate, float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit]


if not shutil.which("wrk"):
    sys.exit("wrk is missing")
with redis() as redis_url, service() as (memory, token), service(REDIS_URL=redis_url) as (with_redis, redis_token):
    routes = {
        "`GET /open-me`": (f"{memory}/open-me",),
        "`GET /me`, sessions in memory": (f"{memory}/me", token),
        "`GET /me`, sessions in Redis": (f"{with_redis}/me", redis_token),
    }
    seen = {name: [] for name in routes}
    for _ in range(ROUNDS):
        for name, arguments in routes.items():
            seen[name].append(measure(*arguments))

print(f"{ROUNDS} rounds of {seconds} s with {CONNECTIONS} connections")
print("| route | requests/s | p99 in ms | rate beside the open one |")
print("|---|---|---|---|")
for name, figures in seen.items():
    rates, latencies = zip(*figures)
    # Of the same round: whatever slows a round slows all three.
    ratio = statistics.median(rate / open_rate for rate, (open_rate, _) in zip(rates, seen["`GET /open-me`"]))
    print(f"| {name} | {statistics.median(rates):.0f} | {statistics.median(latencies):.1f} | {ratio:.2f} |")
