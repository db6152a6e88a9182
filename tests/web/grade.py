# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tables tests/solutions/NN-name/expected.txt (tests/cli/grade/grade_solutions.sh) say of the
exercises that a page grades, as requests to a session; and whether its answers are so.

    grade.py write SRC           the requests
    grade.py native SRC          those whose answers are compared with another session's, word for word
    grade.py check SRC ANSWERS   the session's answers; prints what is not as expected
    grade.py plain ANSWERS       graded objects without the folder that files were in
"""
import glob
import json
import os
import re
import sys

# Of the exercises whose guests run longest, two answers, right in some checks and wrong in others; of
# the rest every answer.
COVERING = {"16-technique": ("starter", "wrong2.txt"), "17-nested": ("starter", "wrong3"),
            "18-channel": ("solution.S", "wrong2.S")}
PARTS = {"03-sret": "sret.c", "10-escape": "monitor.c", "20-server": "store.c"}
BROKEN = {"popf.S": "    no-such-instruction\n"}


def complete(path):
    """The file's text, with that of the solution where it includes it."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    include = lambda m: complete(os.path.join(os.path.dirname(path), m[1]))
    return re.sub(r'^#include "(\.\./solution/.*)"$', include, text, flags=re.M)


def handed_in(source, exercise, name):
    """{name: text} of one answer in a table."""
    path = f"{source}/tests/solutions/{exercise}/{name}"
    if name == "starter":
        with open(f"{source}/examples/{exercise}/grader.json", encoding="utf-8") as file:
            return {file["name"]: complete(f"{source}/examples/{exercise}/{file['name']}")
                    for file in json.load(file)["files"]}
    if name.endswith(".S"):
        return {os.path.basename(glob.glob(f"{source}/examples/{exercise}/*.S")[0]): complete(path)}
    if os.path.isdir(path):
        return {os.path.basename(each): complete(each) for each in sorted(glob.glob(path + "/*"))}
    return {"answers.txt": complete(path)}


def table(source):
    """(exercise, name, points, failed checks, text) of answers without a part."""
    for path in sorted(glob.glob(source + "/tests/solutions/*/expected.txt")):
        exercise = os.path.basename(os.path.dirname(path))
        if glob.glob(f"{source}/examples/{exercise}/*.c"):
            continue
        for line in open(path, encoding="utf-8"):
            if not line.strip() or line.startswith("#"):
                continue
            name, points, checks, text = (field.strip() for field in line.split("|", 3))
            if name in COVERING.get(exercise, (name,)):
                failed = sorted(check.strip() for check in checks.split(",") if check.strip())
                yield exercise, name, int(points), failed, text


def grade(ident, exercise, files):
    return {"id": ident, "do": "grade", "exercise": exercise, "files": files}


def replays(row):
    """A row whose failed checks are opened at their replays: each shows when its run is over."""
    return row[:2] == ("02-witness", "wrong2")


# What `write` opens: the names follow from the exercise and the check.
def openings(row):
    for check in row[3] if replays(row) else []:
        yield f"{row[0]}.{check.replace(' ', '-')}.pzr"


def write(source):
    yield {"id": "list", "do": "exercises"}
    for row in table(source):
        ident = "/".join(row[:2])
        yield grade(ident, row[0], handed_in(source, *row[:2]))
        for name in openings(row):
            yield {"id": name, "do": "open", "argv": [name]}
            yield {"id": name + " run", "do": "run", "insns": 2000000}
    for exercise, name in PARTS.items():
        yield grade(exercise, exercise, {name: complete(f"{source}/examples/{exercise}/{name}")})
    yield grade("broken", "02-witness", BROKEN)


def native(source):
    """The first wrong answer to each exercise of which all are graded."""
    for row in table(source):
        if row[1].startswith("wrong1"):
            yield grade("/".join(row[:2]), row[0], handed_in(source, *row[:2]))


def compare_row(row, answer):
    if not answer["ok"]:
        yield "error", answer["error"]
        return
    result = answer["grade"]
    failed = [check for check in result["checks"] if check["outcome"] != "pass"]
    said = " ".join(c["message"] + c["expected"] + c["got"] + c["hint"] for c in failed)
    names = sorted(check["name"] for check in failed)
    if result["points"] != row[2]:
        yield "points", result["points"]
    if names != row[3]:
        yield "failed checks", names
    if row[4] not in said:
        yield "text", said


def compare_replays(row, answers):
    graded = {check["replay"]: check for check in answers["/".join(row[:2])]["grade"]["checks"]}
    for name in openings(row):
        opened, ran = answers[name], answers[name + " run"]
        if name not in graded:
            yield name, list(graded)
        elif not opened["ok"] or not ran["ok"]:
            yield name, opened.get("error") or ran.get("error")
        elif ran["why"] != "end" or ran["at"]["retired"] != graded[name]["retired"]:
            yield name, "it does not end where the check failed", ran["at"]["retired"], graded[name]["retired"]
        elif ran["at"]["vms"][0]["kernel"] != name[:-4] + ".elf":
            yield name, ran["at"]


def differences(source, answers):
    rows = list(table(source))
    gradable = {row["name"] for row in answers["list"]["exercises"] if row["gradable"]}
    if gradable != {row[0] for row in rows} or len(gradable) < 6:
        yield "exercises", "gradable", gradable
    for row in rows:
        for found in [*compare_row(row, answers["/".join(row[:2])]), *compare_replays(row, answers)]:
            yield "/".join(row[:2]), *found
    for exercise in PARTS:
        if answers[exercise]["ok"] or "pz grade on a computer" not in answers[exercise]["error"]:
            yield exercise, "refusal", answers[exercise]
    broken = answers["broken"]["grade"]
    if broken["points"] or broken["files"][0]["built"] or "popf.S:1:5: error:" not in broken["files"][0]["compiler"]:
        yield "broken", "compiler", broken["files"][0]


def plain(answers):
    for answer in answers.values():
        for file in answer["grade"]["files"]:
            file["path"] = os.path.basename(file["path"])
        yield answer


def read(path):
    with open(path, encoding="utf-8") as file:
        return {answer["id"]: answer for answer in map(json.loads, file)}


def main():
    do, *words = sys.argv[1:]
    if do == "check":
        found = list(differences(words[0], read(words[1])))
        for where, what, *is_so in found:
            print(f"{where}: {what} not as expected: {is_so}")
        sys.exit(bool(found))
    for line in {"write": write, "native": native, "plain": lambda path: plain(read(path))}[do](words[0]):
        print(json.dumps(line))


main()
