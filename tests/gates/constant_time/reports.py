"""Reads what the probe and memcheck printed: no report may be left but those of the controls.

What becomes public in jotlet depends on a secret, and is branched on: the verdict on a token, and the token that was issued,
whose text is checked to be UTF-8. These places are named by their text in the source. How a verdict came about is public
nowhere: that code stands on other lines.
"""

import re
import sys

PUBLIC = {
    "verify.rs": ["if self.keys.verify("],
    "key.rs": ["self.signing.verify(message, mac)", ".any(|other| other.key.verify(message, mac))"],
    "issue.rs": ["core::str::from_utf8(token)"],
    "token.rs": ["heapless::String::from_utf8(bytes)"],
    # That a string in the claims starts and ends at a character.
    "claims.rs": ["self.text.get(self.registered.text(claim)?.range())"],
    "transport/csrf.rs": ["if header.ct_eq(claim).into()"],
}
# The code of others that may branch when called from such a place: iterators, and the check of UTF-8.
INSIDE = re.compile(r"/core/src/(slice/iter|str)/|/heapless-[^/]*/src/string/")

root, log = sys.argv[1:]
lines = {file: open(f"{root}/src/{file}").read().splitlines() for file in PUBLIC}
for file, texts in PUBLIC.items():
    for text in texts:
        if not any(text in line for line in lines[file]):
            sys.exit(f"FAILED: src/{file} has no '{text}' any more: what becomes public is to be named anew")


def is_public(frames):
    """Whether the innermost line of jotlet is one of those."""
    for frame in frames:
        place = re.search(rf"\({re.escape(root)}/src/(\S+):(\d+)\)", frame)
        if place:
            file, line = place[1], int(place[2]) - 1
            return any(text in lines[file][line] for text in PUBLIC.get(file, []))
        if not INSIDE.search(frame):
            return False
    return False


# memcheck prints what it reports from one place once, wherever it happens again.
scenarios, report = [], None
for line in open(log):
    if line.startswith("== "):
        scenarios.append((line[3:].strip(), []))
    text = re.sub(r"^==\d+== ?", "", line.rstrip())
    if re.match(r"\s+(at|by) 0x", text):
        report.append(text)
    elif re.match(r"(Conditional jump|Use of uninit|Syscall param)", text):
        report = [text]
        scenarios[-1][1].append(report)

failed = False
for name, found in scenarios:
    secret = [report for report in found if not is_public(report[1:])]
    control = name.startswith("control")
    right = bool(secret) == control
    failed |= not right
    print(f"{'' if right else 'FAILED: '}{name}: {len(secret)} reports")
    if not right:
        print("\n".join("\n".join(report[:8]) for report in secret[:3]))
if sum(name.startswith("control") for name, _ in scenarios) != 3:
    sys.exit("FAILED: the probe did not end")
sys.exit(failed)
