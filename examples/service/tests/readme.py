"""Starts the service as README.md says, with `cargo run`, and compares what comes of its session with what it says."""

import os
import pathlib
import re
import subprocess
import tempfile

example = pathlib.Path(__file__).parent.parent
readme = example.joinpath("README.md").read_text()
session = re.search(r"```sh\n(url=.*?)```", readme, re.DOTALL)[1]
# A line `# {...}` or `# 204` is what the command before it prints.
expected = re.findall(r"^# ([{\d].*)$", session, re.MULTILINE)

env = {**os.environ, "LISTEN": "127.0.0.1:0", "RUST_LOG": "warn"}
with subprocess.Popen(["cargo", "run", "--locked"], cwd=example, env=env, stdout=subprocess.PIPE, text=True) as service:
    url = service.stdout.readline().split()[-1]
    script = session.replace("url=http://127.0.0.1:8080", f"url={url}")
    with tempfile.TemporaryDirectory() as directory:
        command = ["bash", "-euo", "pipefail", "-c", script]
        printed = subprocess.run(command, cwd=directory, check=True, capture_output=True, text=True).stdout
    service.terminate()


def without_times(text):
    return re.sub(r'"(expires_at|refresh_expires_in)":\d+', r'"\1":0', text)


printed = without_times(printed).replace("}", "}\n").split()
expected = [without_times(line) for line in expected]
assert expected and printed == expected, f"README.md says {expected}, and it printed {printed}"
print(f"the session of README.md is as it says, {len(expected)} answers")
