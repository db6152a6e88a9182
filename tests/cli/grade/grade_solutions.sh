#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Each exercise is right and strict: tests/solutions/NN-name/expected.txt says, for the starter, the
# solution and each typical wrong answer, how many points it gets, which checks it fails, and what
# the student is told. Lines are "file | points | checks, checks | text"; the file "starter" is the
# exercise's own, and a folder's name stands for all files in it.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cc
need clang

python3 - "$PZ" "$SRC" "$PATIENCE" <<'PY' || fail "not graded as expected"
import glob, json, os, re, shutil, subprocess, sys

pz, source, patience = sys.argv[1], sys.argv[2], int(sys.argv[3])


def complete(path):
    """The file's text, with that of the solution where it includes it."""
    include = lambda m: complete(os.path.join(os.path.dirname(path), m[1]))
    return re.sub(r'^#include "(\.\./solution/.*)"$', include, open(path).read(), flags=re.M)


def handed_in(folder):
    """A copy as a student would hand it in: each file complete in itself."""
    shutil.rmtree("handed-in", ignore_errors=True)
    os.mkdir("handed-in")
    for path in glob.glob(folder + "/*"):
        with open(os.path.join("handed-in", os.path.basename(path)), "w") as file:
            file.write(complete(path))
    return "handed-in"


def differences(exercise, name, points, checks, text):
    """Grade one answer: what is not as the table says."""
    path = f"{source}/tests/solutions/{exercise}/{name}"
    if name == "starter":
        path = f"{source}/examples/{exercise}"
    elif os.path.isdir(path):
        path = handed_in(path)
    if not os.path.exists(path):
        return [("file", "missing")]
    ran = subprocess.run([pz, "grade", exercise, path, "--json"], capture_output=True, text=True,
                         stdin=subprocess.DEVNULL, timeout=patience)
    if not ran.stdout:
        return [("result", f"none, exit code {ran.returncode}: {ran.stderr}")]
    result = json.loads(ran.stdout)
    wanted = [check.strip() for check in checks.split(",") if check.strip()]
    failed = [check for check in result["checks"] if check["outcome"] != "pass"]
    names = [check["name"] for check in failed]
    said = " ".join(c["message"] + c["expected"] + c["got"] + c["hint"] for c in failed)
    built = all(file["built"] for file in result["files"]
                if file["given"] and not file["name"].endswith(".txt"))
    held = (
        ("points", result["points"] == int(points), result["points"]),
        ("exit code", ran.returncode == (int(points) != result["of"]), ran.returncode),
        ("failed checks", sorted(names) == sorted(wanted), names),
        ("text", text in said, said),
        ("files that compile", built, result["files"]),
        ("a message for each", all(c["message"] and c["hint"] for c in failed), failed),
        ("sanitizers", "Sanitizer" not in ran.stderr, ran.stderr),
    )
    return [(what, found) for what, holds, found in held if not holds]


answers, wrong = 0, 0
for table in sorted(glob.glob(source + "/tests/solutions/*/expected.txt")):
    exercise = os.path.basename(os.path.dirname(table))
    for line in open(table):
        if not line.strip() or line.startswith("#"):
            continue
        answers += 1
        name, points, checks, text = (field.strip() for field in line.split("|", 3))
        for what, found in differences(exercise, name, points, checks, text):
            print(f"{exercise}/{name}: {what} not as expected: {found}")
            wrong += 1
print(answers, "answers graded")
sys.exit(wrong > 0 or answers == 0)
PY
for folder in "$SRC"/examples/[0-9][0-9]-*/; do
    name=$(basename "$folder")
    for file in "$folder/README.md" "$SRC/tests/solutions/$name/expected.txt"; do
        [[ -r $file ]] || fail "$name: no $file"
    done
done
finish
