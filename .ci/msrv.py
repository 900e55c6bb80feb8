"""Checks that `rust-version` is what the dependencies need, no less and no more."""

import json
import sys
from subprocess import check_output

metadata = json.loads(check_output("cargo metadata --locked --all-features --format-version 1".split()))
packages = {package["id"]: package for package in metadata["packages"]}
nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
root = metadata["resolve"]["root"]

# The dependencies that a user of the crate builds: neither for tests nor for build scripts.
needed, queue = set(), [root]
while queue:
    for dependency in nodes[queue.pop()]["deps"]:
        normal = any(kind["kind"] is None for kind in dependency["dep_kinds"])
        if normal and dependency["pkg"] not in needed:
            needed.add(dependency["pkg"])
            queue.append(dependency["pkg"])


def version(package):
    numbers = [int(number) for number in (package["rust_version"] or "0").split(".")]
    return numbers + [0] * (3 - len(numbers))


newest = max((packages[package] for package in needed), key=version)
ours = packages[root]
print(f"rust-version {ours['rust_version']}; of {len(needed)} dependencies {newest['name']} needs the newest,",
      newest["rust_version"])
if version(ours) != version(newest):
    sys.exit("they differ")
