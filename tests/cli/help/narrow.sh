#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Help on terminals of several widths: no line but an example is wider than the terminal, and no
# word is lost.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3

PYTHONPATH=$SRC/tests/cli python3 - "$PZ" <<'EOF' || fail "help on a narrow terminal"
import subprocess, sys
from screen import shown

pz = sys.argv[1]

def prose(text):
    """Without examples and the usage line, which are to be copied as they are."""
    lines, examples = [], False
    for line in text.split("\n"):
        examples = line == "Examples:" or (examples and line != "")
        if not examples and not line.startswith(("Usage:", "pz")):
            lines.append(line)
    return lines

overview = subprocess.run([pz, "help"], capture_output=True, text=True).stdout
verbs = [l.split()[0] for l in overview.split("Commands:\n")[1].split("\n\n")[0].split("\n")]
for words in [["help"]] + [[verb, "--help"] for verb in verbs if verb != "help"]:
    whole = subprocess.run([pz, *words], capture_output=True, text=True).stdout
    for columns in (30, 40, 60, 80, 200):
        text = shown(columns, [pz, *words])
        wide = [l for l in prose(text) if len(l) > columns and " " in l.strip()]
        if wide:
            sys.exit(f"{words} at {columns}: {wide}")
        if text.split() != whole.split():
            sys.exit(f"{words} at {columns}: not the same words")
EOF
finish
