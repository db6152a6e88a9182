#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz report of what wants to be more than text: a kernel's name, its command line, the names of functions
# and programs, what it prints; results with such names; stacks and page tables that lead nowhere.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
export PYTHONPATH=$SRC/tests/cli/report PYTHONDONTWRITEBYTECODE=1
page=https://lab.example.org/

# The kernel has another name; where it says "syscall" and "trap_entry", functions are called otherwise.
name=$'<img src=x onerror=alert(1)>&"\'\e[31m\u202e.elf'
mkdir user
cp "$PZ_GUESTS"/user/*.elf user/
mv user/primes.elf $'user/<script>"&\'.elf'
python3 - "$PZ_GUESTS/mini.elf" "$name" <<'PY' || fail "no hostile kernel"
import sys
data = open(sys.argv[1], "rb").read()
for old, new in ((b"\0syscall\0", b"\0<b>\"&'\xff\0"), (b"\0trap_entry\0", b"\0</text><a>"[:11] + b"\0")):
    assert data.count(old) >= 1 and len(old) == len(new), old
    data = data.replace(old, new)
open(sys.argv[2], "wb").write(data)
PY
printf '%b' 'echo </pre><script>alert(1)</script> &amp; "\x27 ]]> <!-- \xff\xfe\xc3 \x1b[31m \xc2\x9b \xef\xbf\xbe\n' \
    'echo \xe2\x80\xae reverse \xf0\x9f\x98\x80 smile\nprimes\nhalt\n' >typed
run 0 report --vms 1 --input typed "./$name" -o hostile.html --page "$page"
python3 - <<'PY' || fail "hostile.html: text is more than text"
from html_report import load
report = load("hostile.html", "https://lab.example.org/")
console = report.texts["pre"][0]
for text in ("</pre><script>alert(1)</script> &amp; \"' ]]> <!-- \ufffd\ufffd\ufffd [31m \ufffd \ufffd",
             "\ufffd reverse \U0001f600 smile"):
    assert text in console, (text, console)
kernel = "<img src=x onerror=alert(1)>&\"'\u241b[31m\ufffd.elf"
assert report.texts["h1"] == ["Run of " + kernel]
assert report.tables["How each VM ended"][0][1][1] == kernel
functions = [row[0] for row in report.tables["Functions with the most instructions of their own"][0][1:]]
titles = " ".join(report.texts["title"])
assert "<b>\"&'\ufffd: " in titles and "</text><a>: " in titles and "<script>\"&': " in titles
PY
run 0 map --vms 1 "./$name" --svg map.svg
run 0 run --vms 1 --input typed "./$name" --trace t.bin
run 0 trace t.bin --svg t.svg
python3 -c 'import xml.etree.ElementTree as x; [x.parse(f) for f in ("map.svg", "t.svg")]' || fail "no XML"

# A command line goes into links, and cannot leave them.
run 0 report --vms 1 --append 'echo "&view=x#<i>'\''&argv=--gdb' -o link.html --page "$page?a=1&b=2"
python3 - <<'PY' || fail "link.html: a command line leaves its link"
import urllib.parse
from html_report import load
page = "https://lab.example.org/?a=1&b=2"
report = load("link.html", page)
links = [link for link in report.links if link.startswith(page)]
for link in links:
    assert urllib.parse.parse_qs(link[len(page) + 1:])["argv"] == [
        "--append", "echo \"&view=x#<i>'&argv=--gdb", "--vms", "1", "mini"], link
assert links
PY

# A console of megabytes: what is shown has its limit, and says so.
for ((i = 0; i < 60; i++)); do printf 'echo %04000d\n' 7; done >long
echo halt >>long
run 0 report --vms 1 --input long -o long.html
in_file long.html 'bytes are left out here'
(($(stat -c %s long.html) < 300000)) || fail "a long console makes a long report"

# Results: any names and texts; damage is told, with the file and the field.
cat >make.py <<'PY'
import json, sys
evil = "<script>alert(1)</script>&\"'\u001b[0m\u202e"
check = {"name": evil, "outcome": evil, "points": 0, "of": 3, "message": evil, "expected": evil, "got": evil,
         "hint": evil, "printed": evil + "\r\n" + evil, "replay": "../" + evil, "retired": 7}
d = {"schema": "pz-grade/1", "pz": "1", "exercise": evil, "points": 0, "of": 3,
     "files": [{"name": evil, "path": evil, "given": True, "built": False, "compiler": evil}], "checks": [check]}
json.dump(d, open("<i>&.json", "w"))
def bad(name, change):
    other = json.loads(json.dumps(d))
    change(other)
    json.dump(other, open(name + ".json", "w"))
bad("schema", lambda d: d.update(schema="pz-run/1"))
bad("points", lambda d: d.update(points="3"))
bad("minus", lambda d: d.update(points=-1))
bad("more", lambda d: d.update(points=4))
bad("checks", lambda d: d.update(checks={}))
bad("hint", lambda d: d["checks"][0].pop("hint"))
bad("row", lambda d: d["checks"].append(7))
bad("retired", lambda d: d["checks"][0].update(retired=1.5))
open("cut.json", "w").write(json.dumps(d)[:-5])
open("array.json", "w").write("[]")
PY
python3 make.py
run 0 report '<i>&.json' -o evil.html --page "$page"
python3 - <<'PY' || fail "evil.html: text is more than text"
from html_report import load
report = load("evil.html", "https://lab.example.org/")
evil = "<script>alert(1)</script>&\"'\u241b[0m\ufffd"
assert report.texts["h1"] == ["Results of <i>&"]
assert report.texts["pre"] == ["\n" + evil, "\n" + evil + "\n" + evil]
assert report.texts["dd"] == [evil, evil, evil]
PY
for field in points minus checks hint retired row:name; do
    run 2 report "${field%:*}.json"
    said=${field#*:}
    in_file err "${field%:*}.json: not a result of pz grade --json: '${said/minus/points}' is missing or wrong"
done
run 2 report schema.json
in_file err 'schema.json: not a result of pz grade --json: its schema is not pz-grade/1'
run 2 report more.json
in_file err 'more.json: more points than there are: 4 of 3'
run 2 report cut.json
in_file err 'cut.json: not JSON'
run 2 report array.json
run 3 report none.json
in_file err 'none.json'
finish
