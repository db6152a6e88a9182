#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz report of a run and of a recording: what it says is what pz run --json, pz map --json and the
# debugger say; it is HTML that needs nothing; the same bytes each time. Pictures of pz map and pz trace.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
export PYTHONPATH=$SRC/tests/cli/report PYTHONDONTWRITEBYTECODE=1
page=https://lab.example.org/
# The page is where it is named, and nowhere else.
export PZ_WEB=/nowhere

words=(--append 'primes 50; ls' --vms 2)
run 0 report "${words[@]}" -o run.html --page "$page"
[[ ! -s out && ! -s err ]] || fail "-o: something was printed as well"
run 0 report "${words[@]}" --page "$page"
cmp -s out run.html || fail "two runs, two reports; or -o differs from standard output"
run 0 run "${words[@]}" --json --record run.pzr
mv out run.json
run 0 run "${words[@]}" --profile run.folded
run 0 report run.pzr -o recording.html --page "$page"
run 0 report run.pzr -o again.html --page "$page"
cmp -s again.html recording.html || fail "two reports of a recording"
printf 'c\nhash\n' | "$PZ" debug --json --batch -x /dev/stdin run.pzr >debug.jsonl 2>err || fail "pz debug"

cat >compare.py <<'PY'
import json, re, sys, urllib.parse
from html_report import load, number
path, page, recording = sys.argv[1], sys.argv[2], sys.argv[3] == "recording"
report, run = load(path, page), json.load(open("run.json"))
facts = report.facts()
assert facts["Engine"] == run["engine"] and facts["Monitor"] == run["monitor"]
assert facts["Shadow policy"] == run["shadow"] and number(facts["Slice"].split()[0]) == run["slice"]
last = [json.loads(line) for line in open("debug.jsonl")][-1]
assert facts["Hash of the final state"] == last["data"]["hash"]

ends = report.tables["How each VM ended"][0][1:]
assert len(ends) == len(run["vms"]) == 2
for row, vm in zip(ends, run["vms"]):
    assert row[0] == "vm%d" % vm["vm"] and row[3] == vm["end_text"]
    assert number(row[4]) == vm["retired"] and number(row[5]) == vm["exits"]["total"]
memory = report.tables["Machine pages of 4 KiB by VM"][0][1:]
for row, vm in zip(memory, run["vms"]):
    m = vm["memory"]
    assert [number(row[i]) for i in (1, 3, 4, 5, 6)] == [
        m["guest_pages"], m["shadow_roots"], m["shadow_leaves"], m["shadow_links"], m["all_pages"]]

def counts(caption):
    return {row[0]: number(row[1]) for row in report.tables[caption][0][1:]}
for caption, kind in (("By what the monitor did", "action"), ("By the exception that stopped the CPU", "cause"),
                      ("By the instruction emulated", "instruction"), ("By the CSR that it named", "csr")):
    assert counts(caption) == {name: c["count"] for name, c in run["exits"][kind].items()}, caption

# The timeline's figures, over all VMs; the flame graph's boxes for whole VMs.
drawn = {}
for title in report.texts["title"]:
    match = re.fullmatch(r"([a-z-]+): ([\d,]+)", title)
    if match:
        drawn[match[1]] = drawn.get(match[1], 0) + number(match[2])
assert drawn == {n: c["count"] for n, c in run["exits"]["action"].items() if n != "switch"}, drawn
for vm in run["vms"]:
    assert any(t.startswith("vm%d: %s instructions," % (vm["vm"], format(vm["retired"], ",")))
               for t in report.texts["title"])
folded = sum(int(line.split()[-1]) for line in open("run.folded") if line.startswith("vm0;user;"))
split = report.tables["Instructions by mode"][0][1:]
assert number(split[0][1]) == sum(int(l.split()[-1]) for l in open("run.folded") if re.match("vm[01];user;", l))
assert sum(number(row[1]) for row in split) == sum(vm["retired"] for vm in run["vms"])

consoles = [text.lstrip("\n") for text in report.texts["pre"]]
assert consoles == [vm["console"].replace("\r\n", "\n").lstrip("\n") for vm in run["vms"]]

# Links say what is open, and where.
places = [urllib.parse.parse_qs(link.split("#", 1)[1]) for link in report.links if link.startswith(page)]
assert places and all(p["v"] == ["1"] for p in places)
argv = ["run.pzr"] if recording else ["--append", "primes 50; ls", "--vms", "2", "mini"]
assert all(p["argv"] == argv for p in places), places[0]
ends = [p for p in places if p["view"] == ["machine"]]
assert [int(p["at"][0]) for p in ends] == [vm["retired"] for vm in run["vms"]]
if recording:
    import base64
    data = ends[0]["rec"][0]
    assert "=" not in data and base64.urlsafe_b64decode(data + "=" * (-len(data) % 4)) == open("run.pzr", "rb").read()
else:
    assert "rec" not in ends[0]
PY
for what in run recording; do
    python3 compare.py "$what.html" "$page" "$what" >out 2>err || fail "$what.html is not what pz run --json says"
done
# Where an exit of a kind happened first is where the debugger stops for it.
python3 - "$page" <<'PY' || fail "the first exits are not where the trace has them"
import json, subprocess, os, sys
from html_report import load, number
subprocess.run([os.environ["PZ"], "run", "--append", "primes 50; ls", "--vms", "2", "--trace", "t.jsonl"], stdout=subprocess.DEVNULL,
               stderr=subprocess.DEVNULL, check=True)
first = {}
for line in open("t.jsonl"):
    event = json.loads(line)
    if "action" in event:
        first[event["action"]] = min(first.get(event["action"], (1 << 63, 0)), (event["retired"], event["vm"]))
for row in load("run.html", sys.argv[1]).tables["By what the monitor did"][0][1:]:
    assert row[3] == "vm%d at %s" % (first[row[0]][1], format(first[row[0]][0], ",")), (row, first[row[0]])
PY

# What exits cost in host time is there if it is asked for: of a run, and of a recording.
for what in '--vms 1' run.pzr; do
    read -ra line <<<"$what"
    run 0 report "${line[@]}" --stats -o stats.html --page "$page"
    python3 - "$page" <<'PY' || fail "--stats: no costs"
import sys
from html_report import load
report = load("stats.html", sys.argv[1])
rows = report.tables["By what the monitor did"][0]
assert rows[0][3:5] == ["host time", "each"]
assert any(float(row[3].split()[0]) > 0 for row in rows[1:]) and "same file" not in report.texts["footer"][0]
PY
    in_file stats.html '#v=1'
done

# Without a page nothing is linked; a run with a file of the reader's is not.
run 0 report --append ls --vms 1 -o plain.html
not_in_file plain.html '#v=1'
mkdir "the page"
: >"the page/index.html"
PZ_WEB="$PWD/the page" run 0 report --append ls --vms 1
in_file out 'the%20page/index.html#v=1&amp;argv='
printf 'ls\nhalt\n' >typed
run 0 report --input typed --vms 1 -o typed.html --page "$page"
not_in_file typed.html '#v=1'
in_file typed.html "--input typed --vms 1"
for monitor in hybrid translate assist para; do
    run 0 report --engine spec --monitor "$monitor" --append ls --vms 1 -o monitor.html
    python3 "$SRC/tests/cli/report/html_report.py" monitor.html 2>err || fail "$monitor: not HTML as it should be"
done

# Pictures in files: XML, with what the commands say.
run 0 map --append ls --svg map.svg
run 0 map --append ls --json
mv out map.json
run 0 run "${words[@]}" --trace run.bin
run 0 trace run.bin --svg trace.svg
python3 - <<'PY' || fail "the pictures are not what the commands say"
import json, re
import xml.etree.ElementTree as xml
texts = lambda path, tag: ["".join(e.itertext()) for e in xml.parse(path).iter("{http://www.w3.org/2000/svg}" + tag)]
lines = texts("map.svg", "text")
for vm in json.load(open("map.json"))["vms"]:
    for who in ("program", "kernel"):
        row = vm[who + "_page0"]
        want = "vm%d, page 0 of its %s: not mapped" % (vm["vm"], who)
        if row:
            want = "vm%d, page 0 of its %s: virtual 0x%08x \u2192 physical 0x%08x \u2192 machine 0x%08x" % (
                vm["vm"], who, row["gva"], row["gpa"], row["mpa"])
            held = [t for t in texts("map.svg", "title") if re.match("0x", t)
                    and int(t[:10], 16) <= row["mpa"] <= int(t[14:24], 16)]
            assert len(held) == 1 and held[0].endswith(": RAM of vm%d" % vm["vm"]), held
        assert want in lines, want
drawn = {}
for title in texts("trace.svg", "title"):
    match = re.fullmatch(r"([a-z-]+): ([\d,]+)", title)
    if match:
        drawn[match[1]] = drawn.get(match[1], 0) + int(match[2].replace(",", ""))
actions = json.load(open("run.json"))["exits"]["action"]
assert drawn == {n: c["count"] for n, c in actions.items() if n != "switch"}
PY
run 0 trace run.bin --action sbi --svg sbi.svg
not_in_file sbi.svg '<title>emulate'

# What cannot be: said in a line, with the exit code of its kind.
run 2 report --page 'javascript:alert(1)' --append ls
in_file err "--page: 'javascript:alert(1)' is not the address of a page"
run 2 report --page ' ' --append ls
run 2 trace run.bin --svg a --to-json b
in_file err '--svg and --to-json: give one of them'
run 2 report run.pzr -o run.pzr
in_file err 'run.pzr is read as well, and would be lost'
run 3 report /nowhere/kernel.elf
in_file err '/nowhere/kernel.elf'
run 3 report --append ls -o /nowhere/report.html
in_file err '/nowhere/report.html: cannot be written'
head -c 200 run.pzr >cut.pzr
run 2 report cut.pzr -o cut.html
in_file err 'cut.pzr'
if [[ -w /dev/full ]]; then
    for command in 'report -o /dev/full --append ls' 'map --svg /dev/full' 'trace run.bin --svg /dev/full'; do
        read -ra line <<<"$command"
        run 3 "${line[@]}"
        in_file err 'could not be written in full'
    done
    "$PZ" report --append ls >/dev/full 2>err && fail "a full disk goes unnoticed"
    in_file err 'No space left'
fi
finish
