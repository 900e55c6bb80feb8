"""What authentication costs: `load.py SERVER SECONDS`, where SERVER is the example open_me.

ab asks GET /me, in memory and with Redis, and GET /open-me, the same route without authentication, in turns, so that whatever
else the machine does falls on all of them. Each turn ends after so many seconds or REQUESTS, whichever comes first. Printed are
the medians; the processor's time is that of the service alone, and hardly depends on what else the machine does.
"""

import contextlib
import json
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.request

ROUNDS = 7
REQUESTS = 200_000
CONNECTIONS = 32

server, seconds = sys.argv[1], int(sys.argv[2])


@contextlib.contextmanager
def running(command, ready, env=None):
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True)
    try:
        line = next((line for line in process.stdout if ready in line), None)
        if line is None:
            sys.exit(f"{command[0]} did not start")
        yield line, process.pid
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
    with running([server], "listening on", env) as (line, pid):
        url = line.split()[-1]
        login = urllib.request.Request(
            f"{url}/login",
            data=json.dumps({"user": "alice", "password": "correct horse"}).encode(),
            headers={"Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(login) as answer:
            token = json.load(answer)["access_token"]
        yield url, token, pid


def processor_time(pid):
    """What a process has taken, in seconds."""
    with open(f"/proc/{pid}/stat") as stat:
        user, system = stat.read().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def measure(pid, url, token=None):
    """Requests a second, the 99th percentile of the latency in milliseconds, and microseconds of processor time a request."""
    # -t resets the number of requests, so -n comes behind it.
    command = ["ab", "-q", "-k", "-c", str(CONNECTIONS), "-t", str(seconds), "-n", str(REQUESTS)]
    if token:
        command += ["-H", f"Authorization: Bearer {token}"]
    with tempfile.NamedTemporaryFile("r") as percentiles:
        before = processor_time(pid)
        command += ["-e", percentiles.name, url]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        took = processor_time(pid) - before
        latency = float(re.search(r"^99,([\d.]+)$", percentiles.read(), re.MULTILINE)[1])
    requests = int(re.search(r"Complete requests:\s+(\d+)", output)[1])
    if "Non-2xx" in output or not re.search(r"Failed requests:\s+0$", output, re.MULTILINE):
        sys.exit(output)
    rate = float(re.search(r"Requests per second:\s+([\d.]+)", output)[1])
    return rate, latency, took * 1e6 / requests


if not shutil.which("ab"):
    sys.exit("ab is missing")
with (
    redis() as redis_url,
    service() as (memory, token, memory_pid),
    service(REDIS_URL=redis_url) as (with_redis, redis_token, redis_pid),
):
    routes = {
        "`GET /open-me`": (memory_pid, f"{memory}/open-me"),
        "`GET /me`, sessions in memory": (memory_pid, f"{memory}/me", token),
        "`GET /me`, sessions in Redis": (redis_pid, f"{with_redis}/me", redis_token),
    }
    seen = {name: [] for name in routes}
    for _ in range(ROUNDS):
        for name, arguments in routes.items():
            seen[name].append(measure(*arguments))

print(f"{ROUNDS} rounds, each of at most {seconds} s and {REQUESTS} requests, with {CONNECTIONS} connections")
print("| route | requests/s | beside the open one | p99 in ms | processor time in us |")
print("|---|---|---|---|---|")
for name, figures in seen.items():
    rate, latency, time = (statistics.median(column) for column in zip(*figures))
    # Of the same round: whatever slows a round slows all three.
    rates = [(one[0], beside[0]) for one, beside in zip(figures, seen["`GET /open-me`"])]
    ratio = statistics.median(one / beside for one, beside in rates)
    print(f"| {name} | {rate:.0f} | {ratio:.2f} | {latency:.1f} | {time:.1f} |")
