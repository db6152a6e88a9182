#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The command lines in the documentation are command lines that pz accepts: with --help added, none is
# refused. (Those in pz's own help are run: examples.sh.)
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3

cat >refused.py <<'EOF'
import pathlib, re, shlex, subprocess, sys

pz, top = sys.argv[1], pathlib.Path(sys.argv[2])

def commands(path):
    """Lines of code that begin with pz, also behind a prompt; what one is for comes after two spaces."""
    fenced = False
    for line in path.read_text().splitlines():
        if line.startswith("```"):
            fenced = not fenced
        found = re.match(r"(?:\$ |    \$ |    )?(pz [a-z-]+(?: .*|))$", line)
        if found and (fenced or line.startswith("    ")):
            yield re.split(r" {2,}", found[1])[0].replace("...", "")

def words(command):
    """The first command of a line, as a shell splits it."""
    split = shlex.shlex(command, posix=True, punctuation_chars=True)
    split.whitespace_split = True
    list = []
    for word in split:
        if re.fullmatch(r"[|&;<>()]+", word):
            break
        list.append(word)
    return list

count = 0
folders = ["docs/*.md", "*.md", "examples/**/*.md", "guestos/**/*.md", "tools/**/*.md", "packaging/**/*.md"]
for path in sorted(file for folder in folders for file in top.glob(folder)):
    for command in commands(path):
        run = [pz, *words(command.rstrip("\\"))[1:], "--help"]
        done = subprocess.run(run, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        count += 1
        if done.returncode:
            print(f"{path.relative_to(top)}: {command}: {done.stderr.strip()}")
if count < 100:
    print(f"only {count} commands found")
EOF
python3 refused.py "$PZ" "$SRC" >out 2>err || fail "refused.py"
[[ ! -s out ]] || fail "commands that pz refuses"
finish
