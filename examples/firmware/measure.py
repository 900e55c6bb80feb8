#!/usr/bin/env python3
"""Builds and runs the firmware in every configuration, and compares what it costs with figures.txt.

    measure.py             fails if a figure has grown by more than 2 %
    measure.py --update    writes figures.txt anew
"""

import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIGURES = HERE / "figures.txt"
TARGETS = {
    "thumbv7em": "thumbv7em-none-eabihf",
    "thumbv6m": "thumbv6m-none-eabi",
    "riscv32imc": "riscv32imc-unknown-none-elf",
}
LEVELS = ["s", "3"]
BACKENDS = {"default": "", "compact": '--cfg sha2_backend_soft="compact"'}
GROWTH = 1.02
# Nothing of these may be linked into what only verifies and issues.
FORBIDDEN = re.compile(r"panicking|rust_begin_unwind|_rust_alloc|__rust_alloc|__rust_realloc|__rdl_alloc")
LINE = re.compile(r"^  (\w+(?: \w+)?) +(\d+) (?:instructions|bytes)$", re.MULTILINE)


class Image:
    """What a linked 32-bit little-endian ELF file holds."""

    def __init__(self, path):
        self.bytes = Path(path).read_bytes()
        if self.bytes[:6] != b"\x7fELF\x01\x01":
            sys.exit(f"{path}: not a 32-bit little-endian ELF file")
        (start,) = struct.unpack_from("<I", self.bytes, 32)
        size, count, names = struct.unpack_from("<HHH", self.bytes, 46)
        headers = [struct.unpack_from("<10I", self.bytes, start + i * size) for i in range(count)]
        strings = headers[names][4]
        self.sections = [(self.text(strings + name), *rest) for name, *rest in headers]

    def text(self, at):
        return self.bytes[at : self.bytes.index(b"\0", at)].decode()

    def size(self, wanted):
        """Bytes of the sections in memory for which `wanted(name, written, stored)` holds."""
        return sum(
            size
            for name, kind, flags, _, _, size, *_ in self.sections
            if flags & 2 and wanted(name, bool(flags & 1), kind != 8)
        )

    def flash(self):
        return self.size(lambda name, written, stored: stored)

    def ram(self):
        return self.size(lambda name, written, stored: written and name not in (".stack", ".heap"))

    def symbols(self):
        for _, kind, _, _, at, size, link, _, _, entry in self.sections:
            if kind == 2:
                strings = self.sections[link][4]
                for symbol in range(at, at + size, entry):
                    yield self.text(strings + struct.unpack_from("<I", self.bytes, symbol)[0])


def cargo(command, target, level, backend, *arguments):
    environment = dict(os.environ, CARGO_PROFILE_RELEASE_OPT_LEVEL=level, RUSTFLAGS=BACKENDS[backend])
    command = ["cargo", command, "--release", "--locked", "--quiet", "--target", TARGETS[target], *arguments]
    done = subprocess.run(command, cwd=HERE, env=environment, stdout=subprocess.PIPE, text=True, timeout=600)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ({level}, {backend}): exit status {done.returncode}\n{done.stdout}")
    return done.stdout


def measure(target, level, backend):
    """The figures of one configuration, by name."""
    messages = map(json.loads, cargo("build", target, level, backend, "--bins", "--message-format=json").splitlines())
    images = {m["target"]["name"]: Image(m["executable"]) for m in messages if m.get("executable")}
    for name in ("verify", "session"):
        symbols = list(images[name].symbols())
        if "main" not in symbols:
            sys.exit(f"{name}: its symbols have been stripped, so what is linked can't be told")
        if linked := [symbol for symbol in symbols if FORBIDDEN.search(symbol)]:
            sys.exit(f"{name} ({target}, {level}, {backend}) links {', '.join(linked)}")
        cargo("run", target, level, backend, "--bin", name)
    output = cargo("run", target, level, backend)
    print(f"{target}, opt-level {level}, sha2's {backend} backend\n{output}", flush=True)
    empty = images["empty"]
    return {
        "flash verify": images["verify"].flash() - empty.flash(),
        "flash both": images["session"].flash() - empty.flash(),
        "ram": images["session"].ram() - empty.ram(),
        **{name: int(figure) for name, figure in LINE.findall(output)},
    }


def compiler():
    return subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def rows(table):
    return list(next(iter(table.values())))


def written(table):
    """The text of figures.txt: a column a configuration, a row a figure."""
    lines = [f"# {compiler()}; written by `./run --update`, read by `./run`."]
    for heading in zip(*table):
        lines.append(f"{'':14}" + "".join(f"{word:>12}" for word in heading))
    for row in rows(table):
        lines.append(f"{row:14}" + "".join(f"{figures[row]:>12}" for figures in table.values()))
    return "\n".join(lines) + "\n"


def main():
    configurations = [(t, level, backend) for t in TARGETS for level in LEVELS for backend in BACKENDS]
    table = {configuration: measure(*configuration) for configuration in configurations}
    new = written(table)
    print(new)
    if sys.argv[1:] == ["--update"]:
        FIGURES.write_text(new)
        return
    first, *lines = FIGURES.read_text().splitlines()
    if not first.startswith(f"# {compiler()};"):
        message = f"{FIGURES.name} is of another compiler than {compiler()}: run ./run --update with this one"
        sys.exit(message) if os.environ.get("CI") == "true" else print(f"SKIPPED: {message}")
        return
    old_table = {line[:14].strip(): [int(figure) for figure in line[14:].split()] for line in lines[3:]}
    if set(old_table) != set(rows(table)):
        sys.exit(f"{FIGURES.name} has other rows than were measured: run ./run --update")
    grown = []
    for row, before in old_table.items():
        for configuration, old in zip(table, before, strict=True):
            figure = table[configuration][row]
            if figure > old * GROWTH:
                grown.append(f"{' '.join(configuration)}: {row} was {old}, is {figure}")
    if grown:
        sys.exit("figures that have grown by more than 2 %:\n" + "\n".join(grown))


if __name__ == "__main__":
    main()
