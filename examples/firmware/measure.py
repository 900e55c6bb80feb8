#!/usr/bin/env python3
"""Builds and runs the firmware in every configuration, and compares what it costs with figures.txt.

    measure.py             fails if a figure has grown by more than 2 %
    measure.py --update    writes figures.txt anew, and the same table into README.md
"""

import itertools
import json
import os
import re
import struct
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIGURES = HERE / "figures.txt"
README = HERE / "README.md"
# Where the README shows the table.
MARK = "<!-- figures.txt, put here by ./run --update -->\n```text\n"
TARGETS = {
    "thumbv7em": "thumbv7em-none-eabihf",
    "thumbv6m": "thumbv6m-none-eabi",
    "riscv32imc": "riscv32imc-unknown-none-elf",
}
LEVELS = ["s", "3"]
BACKENDS = {"default": "", "compact": '--cfg sha2_backend_soft="compact"'}
# What the project has set itself, in instructions and bytes.
M4, M4_COMPACT = ("thumbv7em", "s", "default"), ("thumbv7em", "s", "compact")
BUDGETS = [
    (*M4, "verify F", 20_500),
    (*M4_COMPACT, "verify F", 35_000),
    (*M4, "flash verify", 16_384),
    (*M4_COMPACT, "flash verify", 9_728),
    (*M4, "stack verify", 1_300),
    ("thumbv6m", "s", "default", "verify F", 38_500),
    ("riscv32imc", "s", "default", "verify F", 35_000),
]
# Symbols of what may not be linked: a heap anywhere (whatever the crate `alloc` has, in both manglings), a panic where
# nothing but jotlet is at work.
HEAP = re.compile(r"__rust_alloc|__rust_realloc|__rdl_|__rg_|_5alloc\d|_ZN5alloc")
PANIC = re.compile(r"panicking|rust_begin_unwind")
LINE = re.compile(r"^  (\S.*?) +(\d+) (?:instructions|bytes)$", re.MULTILINE)


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
        # What a build prints is for a machine; what is wrong with it stands on the error output.
        output = done.stdout if command[1] == "run" else ""
        sys.exit(f"{' '.join(command)} ({level}, {backend}): exit status {done.returncode}\n{output}")
    return done.stdout


def measure(target, level, backend):
    """The figures of one configuration, by name."""
    messages = map(json.loads, cargo("build", target, level, backend, "--bins", "--message-format=json-render-diagnostics").splitlines())
    images = {m["target"]["name"]: Image(m["executable"]) for m in messages if m.get("executable")}
    for name, image in images.items():
        symbols = list(image.symbols())
        if "main" not in symbols:
            sys.exit(f"{name}: its symbols have been stripped, so what is linked can't be told")
        for what, where in (HEAP, images), (PANIC, ("verify", "session")):
            if name in where and (linked := list(filter(what.search, symbols))):
                sys.exit(f"{name} ({target}, {level}, {backend}) links {', '.join(linked)}")
    for name in ("empty", "verify", "session"):
        cargo("run", target, level, backend, "--bin", name)
    output = cargo("run", target, level, backend)
    print(f"{target}, opt-level {level}, sha2's {backend} backend\n{output}", flush=True)
    empty = images["empty"]
    return {
        "flash verify": images["verify"].flash() - empty.flash(),
        "flash session": images["session"].flash() - empty.flash(),
        "ram": images["session"].ram() - empty.ram(),
        **{name: int(figure) for name, figure in LINE.findall(output)},
    }


def compiler():
    return subprocess.run(["rustc", "--version"], stdout=subprocess.PIPE, text=True, check=True).stdout.strip()


def written(table):
    """The text of figures.txt: a block a target, a column a configuration, a row a figure."""
    lines = [f"# {compiler()}"]
    for target in TARGETS:
        columns = {name: figures for name, figures in table.items() if name[0] == target}
        lines += ["", f"{target:18}" + "".join(f"{level + ' ' + backend:>11}" for _, level, backend in columns)]
        for row in next(iter(columns.values())):
            lines.append(f"{row:18}" + "".join(f"{figures[row]:>11}" for figures in columns.values()))
    return "\n".join(lines) + "\n"


def read(text):
    """The table of a text that `written` has made."""
    table, columns = {}, []
    for line in filter(None, text.splitlines()[1:]):
        name, cells = line[:18].strip(), line[18:].split()
        if name in TARGETS:
            columns = [(name, *pair) for pair in zip(cells[::2], cells[1::2])]
        else:
            for column, figure in zip(columns, cells, strict=True):
                table.setdefault(column, {})[name] = int(figure)
    return table


def against_budgets(table):
    for *configuration, name, budget in BUDGETS:
        figure = table[tuple(configuration)][name]
        excess = f", {figure / budget - 1:.1%} over" if figure > budget else ""
        print(f"{' '.join(configuration)}: {name} {figure}, budget {budget}{excess}")


def growth(old, new):
    """What has grown by more than 2 %, line by line."""
    for configuration, figures in new.items():
        for name, figure in figures.items():
            before = old[configuration][name]
            if figure > before * 1.02:
                yield f"{' '.join(configuration)}: {name} was {before}, is {figure}"


def main():
    table = {c: measure(*c) for c in itertools.product(TARGETS, LEVELS, BACKENDS)}
    text = written(table)
    print(text)
    against_budgets(table)
    if sys.argv[1:] == ["--update"]:
        FIGURES.write_text(text)
        before, _, rest = README.read_text().partition(MARK)
        README.write_text(before + MARK + text + rest[rest.index("```") :])
        return
    checked_in = FIGURES.read_text()
    if MARK + checked_in not in README.read_text():
        sys.exit(f"{README.name} shows another table than {FIGURES.name}: run ./run --update")
    if checked_in.splitlines()[0] != text.splitlines()[0]:
        message = f"{FIGURES.name} is of another compiler than {compiler()}: run ./run --update with this one"
        if os.environ.get("CI") == "true":
            sys.exit(message)
        print(f"SKIPPED: the comparison, since {message}")
        return
    if set(read(checked_in)[("thumbv7em", "s", "default")]) != set(table[("thumbv7em", "s", "default")]):
        sys.exit(f"{FIGURES.name} has other rows than were measured: run ./run --update")
    if grown := list(growth(read(checked_in), table)):
        sys.exit("figures that have grown by more than 2 %:\n" + "\n".join(grown))
    print(f"{sum(map(len, table.values()))} figures, none more than 2 % above {FIGURES.name}")


if __name__ == "__main__":
    main()
