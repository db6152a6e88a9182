#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz grade's output formats, each held against its description: Gradescope's specification, the
# schema of JUnit XML that Jenkins uses (junit-10.xsd), the TAP 14 specification, and what GitHub
# Classroom's reporter reads, and PrairieLearn's documentation of external grading. With a submission that passes, one that fails, and one that prints
# what none of the formats can hold as it is.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cc

cat >nasty.c <<'C'
#include <stdio.h>
#include <stdlib.h>
#include "vmm/parts.h"
bool part_sret(struct hart *hart, const struct insn *insn, struct trap *trap)
{
    (void)hart, (void)insn, (void)trap;
    printf("]]></failure> & \"quotes\" \\ # ok 1\nnot ok 2\n\001\033[31m\377\376 \303\244\xef\xbf\xbe...\n---\n");
    fflush(stdout);
    abort();
}
C
sed 's/    uint32_t status = .*/&\n    int unused;/' "$SRC/tests/solutions/03-sret/wrong2.c" >warns.c

check() {
    python3 - "$1" "$2" <<'PY' || fail "$1 of $2 is not as described"
import json, re, subprocess, sys
import xml.etree.ElementTree as xml
form, path = sys.argv[1], sys.argv[2]
truth = json.load(open(path + ".json"))
text = open(path + "." + form, encoding="utf-8").read()
checks = truth["checks"]

def only(d, allowed, required):
    assert set(d) <= set(allowed), set(d) - set(allowed)
    assert set(required) <= set(d), set(required) - set(d)

def gradescope():
    d = json.loads(text)
    only(d, ["score", "execution_time", "output", "output_format", "test_output_format", "test_name_format",
             "visibility", "stdout_visibility", "extra_data", "tests", "leaderboard"], ["tests"])
    assert d["visibility"] in ("hidden", "after_due_date", "after_published", "visible")
    assert d["score"] == truth["points"] and isinstance(d["output"], str)
    assert d["output_format"] in ("text", "html", "simple_format", "md", "ansi")
    assert len(d["tests"]) == len(checks)
    for t, c in zip(d["tests"], checks):
        only(t, ["score", "max_score", "status", "name", "name_format", "number", "output", "output_format",
                 "tags", "visibility", "extra_data"], [])
        assert t["status"] in ("passed", "failed") and isinstance(t["number"], str)
        assert (t["name"], t["score"], t["max_score"]) == (c["name"], c["points"], c["of"])
        assert c["message"].split("\n")[0] in t["output"]

def junit():
    root = xml.fromstring(text.encode())
    assert root.tag == "testsuites" and [s.tag for s in root] == ["testsuite"]
    suite = root[0]
    only(suite.attrib, ["name", "tests", "failures", "errors", "group", "time", "skipped", "timestamp",
                        "hostname", "id", "package", "file", "log", "url", "version"], ["name", "tests", "failures", "errors"])
    assert [e.tag for e in suite if e.tag != "testcase"] == ["properties", "system-out"]
    cases = suite.findall("testcase")
    assert int(suite.get("tests")) == len(cases) == len(checks)
    bad = {"failure": 0, "error": 0}
    for case, c in zip(cases, checks):
        only(case.attrib, ["name", "time", "classname", "group"], ["name"])
        assert case.get("name") == c["name"]
        assert (len(case) == 0) == (c["outcome"] == "pass")
        for e in case:
            bad[e.tag] += 1
            only(e.attrib, ["type", "message"], [])
            assert c["hint"] in e.text
    assert (int(suite.get("failures")), int(suite.get("errors"))) == (bad["failure"], bad["error"])

def tap():
    lines = text.split("\n")
    assert lines[0] == "TAP version 14" and lines[1] == "1..%d" % len(checks) and lines[-1] == ""
    number, inside = 0, False
    for line in lines[2:-1]:
        if inside:
            assert line.startswith("  "), line
            if line == "  ...":
                inside = False
            else:
                key, value = re.fullmatch(r"  ([a-z]+): (.+)", line).groups()
                value = json.loads(value)
                if key in ("message", "expected", "got", "hint", "printed"):
                    assert value == checks[number - 1][key], (value, checks[number - 1][key])
        elif line == "  ---":
            inside = True
        elif not line.startswith("#"):
            number += 1
            ok, n, name = re.fullmatch(r"(not )?ok (\d+) - ((?:[^\\#]|\\[\\#])+)", line).groups()
            c = checks[number - 1]
            assert int(n) == number and (ok is None) == (c["outcome"] == "pass") and name == c["name"]
    assert number == len(checks) and not inside

def classroom():
    d = json.loads(text)
    only(d, ["version", "status", "max_score", "tests"], ["version", "status", "max_score", "tests"])
    assert d["version"] == 1 and d["max_score"] == truth["of"]
    statuses = [t["status"] for t in d["tests"]]
    assert set(statuses) <= {"pass", "fail", "error"}
    assert d["status"] == ("fail" if "fail" in statuses else "error" if "error" in statuses else "pass")
    assert sum(t["score"] for t in d["tests"]) == truth["points"]
    for t, c in zip(d["tests"], checks):
        only(t, ["name", "status", "score", "message", "test_code", "filename", "line_no", "duration"],
             ["name", "status", "score", "message"])
        assert t["name"] == c["name"]

def prairielearn():
    d = json.loads(text)
    assert len(text.encode()) <= 1000000 # "this file should be limited to 1 MB"
    assert isinstance(d["gradable"], bool)
    built = all(f["built"] for f in truth["files"] if f["given"])
    assert d["gradable"] == built
    if not built: # "error messages ... by setting the format_errors key ... a string or an array of strings"
        assert "score" not in d and truth["files"][0]["compiler"].split("\n")[0] in d["format_errors"]
        return
    # "a floating point number in the range [0.0, 1.0]"
    assert type(d["score"]) is float and 0 <= d["score"] <= 1
    assert abs(d["score"] - truth["points"] / truth["of"]) < 1e-9
    assert isinstance(d["message"], str) and isinstance(d["output"], str) and "format_errors" not in d
    assert len(d["tests"]) == len(checks)
    for t, c in zip(d["tests"], checks):
        only(t, ["name", "description", "points", "max_points", "message", "output", "images"], ["name", "points", "max_points"])
        assert (t["name"], t["points"], t["max_points"]) == (c["name"], c["points"], c["of"])
        assert (t["message"] == "") == (c["outcome"] == "pass") and c["message"].split("\n")[0] in t["message"]
        assert all(isinstance(t[k], str) for k in ("description", "output")) and c["printed"].startswith(t["output"].split("\n... (cut)")[0])

def text_():
    assert text.rstrip().split("\n")[-1] == "Score: %d/%d" % (truth["points"], truth["of"])
    for c in checks:
        assert re.search("^%s: %s" % (re.escape(c["name"]), {"pass": "OK", "fail": "FAIL"}.get(c["outcome"], "ERROR")), text, re.M)

{"gradescope": gradescope, "junit": junit, "tap": tap, "classroom": classroom,
 "prairielearn": prairielearn, "text": text_}[form]()
PY
}

# What does not compile, with megabytes of messages; what prints as much.
printf 'int part_sret(void) { return nothing; }\n' >broken.c
python3 -c 'print("#include <stdio.h>\n#include <stdlib.h>\n#include \"vmm/parts.h\"\nbool part_sret(struct hart *hart, const struct insn *insn, "
    "struct trap *trap)\n{\n    (void)hart, (void)insn, (void)trap;\n    for (int i = 0; i < 300000; i++)\n        putchar(1);\n    fflush(stdout);\n    abort();\n}")' >chatter.c
for file in "$SRC/tests/solutions/03-sret/solution.c" warns.c nasty.c broken.c chatter.c; do
    name=$(basename "$file" .c)
    code=1
    [[ $name != solution ]] || code=0
    forms=(json gradescope junit tap classroom prairielearn text)
    [[ $name != @(broken|chatter) ]] || forms=(json prairielearn)
    for form in "${forms[@]}"; do
        run "$code" grade 03 "$file" --format "$form" -o "$name.$form"
        [[ ! -s out ]] || fail "-o: something was printed as well"
        [[ $form == json ]] || check "$form" "$name"
    done
done
json warns.json "'unused' in d['files'][0]['compiler']"
in_file warns.text 'unused'
in_file warns.tap '# '
run 3 grade 03 warns.c -o /nowhere/x
in_file err '/nowhere/x'
for word in OK FAIL; do in_file warns.text ": $word ("; done
[[ -s 03-sret.nobody-can-tell.pzr ]] || fail "no replay file"
run 1 grade 03 warns.c --replays kept
[[ -s kept/03-sret.nobody-can-tell.pzr ]] || fail "--replays: no replay file"
finish
