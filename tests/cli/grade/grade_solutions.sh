#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each exercise is right and strict: tests/solutions/NN-name/expected.txt says, for the starter, the
# solution and each typical wrong answer, how many points it gets, which checks it fails, and what
# the student is told. Lines are "file | points | checks, checks | text"; the file "starter" is the
# exercise's own, and a folder's name stands for all files in it.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cc
need clang

trim() {
    local text=$1
    text=${text#"${text%%[![:space:]]*}"}
    printf '%s' "${text%"${text##*[![:space:]]}"}"
}

# handed_in <folder>: a copy as a student would hand it in: each file complete in itself, where here
# one includes that of the solution
handed_in() {
    rm -rf handed-in
    mkdir handed-in
    python3 - "$1"/* <<'PY'
import os, re, sys
def text(path):
    include = lambda m: text(os.path.join(os.path.dirname(path), m[1]))
    return re.sub(r'^#include "(\.\./solution/.*)"$', include, open(path).read(), flags=re.M)
for path in sys.argv[1:]:
    with open(os.path.join("handed-in", os.path.basename(path)), "w") as file:
        file.write(text(path))
PY
    echo handed-in
}

# one <exercise> <file> <points> <checks> <text>
one() {
    local exercise=$1 path=$SRC/tests/solutions/$1/$2 code=1
    [[ $2 != starter ]] || path=$SRC/examples/$1
    [[ -e $path ]] || { fail "$1: no file $2"; return; }
    [[ ! -d $path || $2 == starter ]] || path=$(handed_in "$path")
    "$PZ" grade "$exercise" "$path" --json >result.json 2>err </dev/null
    code=$?
    python3 - "$3" "$4" "$5" "$code" <<'PY' || fail "$1/$2: not graded as expected"
import json, sys
points, checks, text = int(sys.argv[1]), sys.argv[2], sys.argv[3]
d = json.load(open("result.json"))
wanted = [name.strip() for name in checks.split(",") if name.strip()]
failed = [c for c in d["checks"] if c["outcome"] != "pass"]
names = [c["name"] for c in failed]
said = " ".join(c["message"] + c["expected"] + c["got"] + c["hint"] for c in failed)
ok = True
for what, is_so, found in (("points", d["points"] == points, d["points"]),
                           ("the exit code", int(sys.argv[4]) == (points != d["of"]), sys.argv[4]),
                           ("failed checks", sorted(names) == sorted(wanted), names),
                           ("the text", text in said, said),
                           ("files that compile", all(f["built"] for f in d["files"] if f["given"] and not f["name"].endswith(".txt")), d["files"]),
                           ("a message for each", all(c["message"] and c["hint"] for c in failed), failed)):
    if not is_so:
        print("   ", what, "not as expected:", found)
        ok = False
sys.exit(not ok)
PY
}

for table in "$SRC"/tests/solutions/*/expected.txt; do
    exercise=$(basename "$(dirname "$table")")
    while IFS='|' read -r file points checks text; do
        [[ $file != '#'* && -n $file ]] || continue
        one "$exercise" "$(trim "$file")" "$(trim "$points")" "$(trim "$checks")" "$(trim "$text")"
    done <"$table"
done
for folder in "$SRC"/examples/[0-9][0-9]-*/; do
    name=$(basename "$folder")
    for file in "$folder/README.md" "$SRC/tests/solutions/$name/expected.txt"; do
        [[ -r $file ]] || fail "$name: no $file"
    done
done
finish
