"""What authentication costs: `load.py SERVER SECONDS`, where SERVER is the example open_me.

wrk asks GET /me, in memory and with Redis, and GET /open-me, the same route without authentication, in turns, so that whatever
else the machine does falls on all of them. Printed are the medians; the processor's time is that of the service alone, and hardly
depends on what else the machine does.
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
    command = ["wrk", "--latency", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s"]
    if token:
        command += ["-H", f"Authorization: Bearer {token}"]
    before = processor_time(pid)
    output = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    took = processor_time(pid) - before
    if "Non-2xx" in output or "Socket errors" in output:
        sys.exit(output)
    value, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", output).groups()
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    requests = int(re.search(r"(\d+) requests in", output)[1])
    return rate, float(value) * {"us": 1e-3, "ms": 1, "s": 1e3}[unit], took * 1e6 / requests


if not shutil.which("wrk"):
    sys.exit("wrk is missing")
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

print(f"{ROUNDS} rounds of {seconds} s with {CONNECTIONS} connections")
print("| route | requests/s | beside the open one | p99 in ms | processor time in us |")
print("|---|---|---|---|---|")
for name, figures in seen.items():
    rate, latency, time = (statistics.median(column) for column in zip(*figures))
    # Of the same round: whatever slows a round slows all three.
    rates = [(one[0], beside[0]) for one, beside in zip(figures, seen["`GET /open-me`"])]
    ratio = statistics.median(one / beside for one, beside in rates)
    print(f"| {name} | {rate:.0f} | {ratio:.2f} | {latency:.1f} | {time:.1f} |")
