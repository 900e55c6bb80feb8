"""The board of who accepts and refuses what: `score.py CASES VERDICTS...` prints SCOREBOARD.md.

Each file of verdicts is a list of libraries, each with its name, its version and a verdict for every case: `accepts`,
`refuses`, `breaks` (refused by an error that is not the library's own, or by a panic) or `no clock` (it can't be told the
time of the case). Exits with an error if jotlet is on the board, or if a control is not on it in full.
"""

import json
import sys

# Cases that the file marks `must`, where only this project's profile demands what it wants: their ids, and why.
PROFILE = {
    ("b64-h2-bits0", "b64-h2-bits14", "b64-p2-bits0", "b64-p2-bits14"):
        "RFC 4648 section 3.5 leaves it to a decoder whether it takes spare bits that are set",
    ("ok-pl-aud-arr",):
        "RFC 7519 section 4.1.3 has whoever is not named in `aud` refuse the token; a verifier that has no name is not told",
    ("t-exp-2p53",):
        "RFC 8259 section 6 promises integers up to 2^53 only",
    ("type-",):
        "`type` is a claim of this profile",
    ("exp-",):
        "RFC 7519 section 4.1.4 makes `exp` optional",
}

CONTROLS = {"control: accepts all": "reject", "control: refuses all": "accept"}

ABOUT = """# Scoreboard

{count} public token cases (`tests/vectors/token_cases.json`), and which libraries decide them otherwise than an RFC or this
project's profile does. Made by `bash tests/peers/run --update`; `bash tests/peers/run` fails if it is not what comes out.
{made_with}

What a library decides otherwise is of one of two kinds:

- **The RFC**: RFC 7515, 7518, 7519 or 8259 forbids to accept the token, or a verifier that follows them takes it.
- **Contestable**: the RFCs leave the choice, and the cases or this project's profile want the stricter one, or the RFCs are
  read in more than one way. To be listed there is no fault.

Neither says that a token can be forged: no library here accepts a header or a payload that was not signed. Nearly all of
these tokens carry a right MAC, so that whoever has the key has to have written them. What is at stake is that two programs
read one token in two ways, or that one token has several spellings.

## How each is asked

With its defaults, and what the profile needs: HS256 and no other algorithm, the key, the time and the leeway of the case,
`nbf` checked where it is there, `exp` demanded. The type is compared by the caller afterwards, as its users would.

- PyJWT is told to demand 32 bytes of a key (`enforce_minimum_key_length`), which by default it only warns about.
- jsonwebtoken (npm) can't be told which claims have to be there; the caller looks for `exp`.
- jsonwebtoken (crate) has `validate_nbf` on, which by default is off. Its time is that of the system, which is replaced here.
- jwt-compact has no one call; the caller checks `exp`, and `nbf` if there is one. Its `StrongKey` wants 64 bytes, where RFC
  7518 section 3.2 wants 32, and is not used.
- jwt-simple is given the time in the field that its documentation reserves for tests; the caller looks for `exp`. It refuses keys
  of fewer than 12 bytes, and the cases have none of 12 to 31.
- The three crates read `sub` and `type` into a struct. What other claims hold is not read; with more fields more is refused.
- `aud` is left as each has it by default: PyJWT and jsonwebtoken (crate) refuse a token that has one and was not asked for.
"""

BOARD = """
## Totals

The {resource} cases on exhaustion, where accepting and refusing are both right, are not counted.
"No own error": refused by something that the library does not document, such as a `SyntaxError` out of the JSON parser,
which a caller who catches only the library's errors does not catch; errors about keys are left out.
{not_judged}
"""


def load(paths):
    with open(paths[0], encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    libraries = []
    for path in paths[1:]:
        with open(path, encoding="utf-8") as file:
            libraries += json.load(file)
    return cases, libraries


def profile(case):
    """Why a case is a matter of the profile, if it is."""
    ids = ((start, why) for starts, why in PROFILE.items() for start in starts)
    return next((why for start, why in ids if case["id"].startswith(start)), None)


def is_contestable(case):
    return case["strictness"] == "should" or profile(case) is not None


def group(case):
    return "UTF-8" if case["id"].startswith(("u8-", "surr-")) else case["category"]


def mark(case, verdict):
    """A for wrongly accepted, R for wrongly refused, else nothing."""
    if verdict == "no clock":
        return ""
    accepted = verdict == "accepts"
    return "" if accepted == (case["expect"] == "accept") else "A" if accepted else "R"


def not_judged(cases, libraries):
    """Who can't be told the time of which case."""
    found = [(case["id"], [x["name"] for x in libraries if x["verdicts"][case["id"]] == "no clock"]) for case in cases]
    return "\n".join(f"Not judged on `{name}`, whose time they can't be told: {', '.join(who)}." for name, who in found if who)


def table(head, rows):
    cells = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in row) + " |" for row in cells) + "\n"


def totals(cases, libraries):
    kinds = [(letter, contestable) for contestable in (False, True) for letter in "AR"]

    def of(library, letter, contestable):
        cell = [case for case in cases if is_contestable(case) == contestable]
        return sum(mark(case, library["verdicts"][case["id"]]) == letter for case in cell)

    accept = {c: sum(x["expect"] == "accept" and is_contestable(x) == c for x in cases) for c in (False, True)}
    reject = {c: sum(x["expect"] == "reject" and is_contestable(x) == c for x in cases) for c in (False, True)}
    head = ["", "version",
            f"accepts, the RFC forbids it ({reject[False]})", f"refuses, the RFC takes it ({accept[False]})",
            f"accepts, contestable ({reject[True]})", f"refuses, contestable ({accept[True]})", "no own error"]
    rows = []
    for library in libraries:
        own = [case for case in cases if case["category"] != "key"]
        broken = sum(library["verdicts"][case["id"]] == "breaks" for case in own)
        rows.append([library["name"], library["version"], *(of(library, *kind) for kind in kinds), broken])
    return table(head, rows)


def by_group(cases, libraries):
    rows = []
    for name in dict.fromkeys(map(group, cases)):
        cell = [case for case in cases if group(case) == name and not is_contestable(case)]
        marks = ["".join(mark(case, library["verdicts"][case["id"]]) for case in cell) for library in libraries]
        if cell:
            rows.append([name, len(cell), *(len(found) or "" for found in marks)])
    return table(["group", "cases", *(library["name"] for library in libraries)], rows)


def case_by_case(cases, libraries):
    """The cases that some library decides otherwise; those of one reason and one outcome share a row."""
    def row(case):
        why = profile(case)
        why = case["why"] if why is None else f"{case['why']}; but {why}"
        return why.replace("|", "\\|"), [mark(case, library["verdicts"][case["id"]]) for library in libraries]

    rows = [(case["id"], *row(case)) for case in cases]
    rows = [found for found in rows if any(found[2])]
    merged = {}
    for name, why, marks in rows:
        merged.setdefault((why, *marks), []).append(f"`{name}`")
    rows = [[f"{', '.join(names)}: {why}", *marks] for (why, *marks), names in merged.items()]
    return table(["case", *(library["name"] for library in libraries)], rows)


def check_controls(cases, libraries):
    for library in libraries:
        wrong = {case["id"] for case in cases if mark(case, library["verdicts"][case["id"]])}
        expected = {case["id"] for case in cases if case["expect"] == CONTROLS.get(library["name"])}
        if library["name"] in ("jotlet", *CONTROLS) and wrong != expected:
            sys.exit(f"{library['name']} is wrong about {sorted(wrong ^ expected)}")
    missing = {"jotlet", *CONTROLS} - {library["name"] for library in libraries}
    if missing:
        sys.exit(f"nobody has asked {missing}")


def main(made_with, *paths):
    cases, libraries = load(paths)
    count, resource = len(cases), sum(case["resource"] for case in cases)
    cases = [case for case in cases if not case["resource"]]
    check_controls(cases, libraries)
    peers = [library for library in libraries if library["name"] not in ("jotlet", *CONTROLS)]
    libraries.sort(key=lambda library: library["name"] in CONTROLS)
    print(ABOUT.format(count=count, made_with=made_with), end="")
    print(BOARD.format(resource=resource, not_judged=not_judged(cases, libraries)))
    print(totals(cases, libraries))
    print("## By group, where the RFC decides\n")
    print(by_group(cases, peers))
    print("## Case by case\n\nA: accepts what should be refused. R: refuses what should be accepted. No other case is decided otherwise.\n")
    print("### The RFC\n")
    print(case_by_case([case for case in cases if not is_contestable(case)], peers))
    print("### Contestable\n")
    print(case_by_case([case for case in cases if is_contestable(case)], peers), end="")


main(*sys.argv[1:])
