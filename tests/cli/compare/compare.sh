#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# One guest under every technique: the rows agree with what single runs say, and a CPU that cannot be
# virtualised is found out by the row that it fools.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
probe=$PZ_GUESTS/t_probe.elf

# Every technique of the table has a row; all are the same as bare.
run 0 compare --runs 1 --append ls --json
json out 'd["schema"] == "pz-compare/1" and d["ok"] and len(d["guests"]) == 1'
json out 'd["guests"][0]["kernel"] == "mini: ls"'
json out '[r["technique"] for r in d["guests"][0]["rows"]][:6] == ["bare", "interpreted", "plain, lazy",
    "plain, trace", "plain, flush", "hybrid"]'
json out 'all(r["same"] == ("output" if r["monitor"] == "para" else "yes") and len(r["cpu_ns"]) == len(r["ratio"]) == 1 for r in d["guests"][0]["rows"]
    if r["served"])'
json out 'len({r["console_bytes"] for r in d["guests"][0]["rows"] if r["served"]}) == 1'
json out 'all(r["asks"] and r["about"] for r in d["guests"][0]["rows"])'
json out '{r["technique"]: r["guest_lines"] for r in d["guests"][0]["rows"] if r["served"] and r["guest_lines"]} == {"para": 254}'
mv out all

# A row's exits are those of a run of its own.
for monitor in plain hybrid; do
    run 0 run --vms 1 --monitor $monitor --append ls --json
    python3 - $monitor all out <<'END' || fail "other exits than pz run's under $monitor"
import json, sys
monitor, all, one = sys.argv[1], json.load(open(sys.argv[2])), json.load(open(sys.argv[3]))
rows = [r for r in all["guests"][0]["rows"] if r["monitor"] == monitor]
vm = one["vms"][0]
def counts(exits):
    return {kind: value["count"] for kind, value in exits["action"].items()}
sys.exit(counts(rows[0]["exits"]) != counts(vm["exits"]) or rows[0]["retired"] != vm["retired"])
END
done

# On a broken CPU the plain monitor's guest goes astray, and the hybrid one's does not.
run 1 compare --runs 1 --variant jrst --append ls --json
json out 'not d["ok"]'
json out '{"plain": "NO", "hybrid": "yes", "assist": "yes"}.items() <= {
    r["monitor"]: r["same"] for r in d["guests"][0]["rows"]}.items()'

# A guest that makes no hypercalls is not told of them under para, and is the bare machine's to the bit.
run 0 compare --runs 2 "$probe" --json
json out '[r["same"] for r in d["guests"][0]["rows"] if r["monitor"] == "para"] == ["yes"]'
json out 'len({json.dumps(r["exits"]["action"]) for r in d["guests"][0]["rows"]
    if r["technique"] in ("plain, lazy", "para")}) == 1'
json out 'all(len(r["ratio"]) == 2 for r in d["guests"][0]["rows"] if r["served"])'

# Several kernels, several CPUs, another engine; text and Markdown; a picture.
run 0 compare --runs 2 --engine spec --cpus 2 --svg bill.svg "$probe" "$PZ_GUESTS/mini.elf" --append x --append ls
in_file out 'mini.elf: ls: '
in_file out 'plain, trace'
python3 -c 'import xml.dom.minidom as m; assert len(m.parse("bill.svg").getElementsByTagName("rect")) > 12' ||
    fail "no picture"
grep -q ', 254 lines of the guest changed</text>' bill.svg || fail "the picture does not say what changed"
run 0 compare --runs 1 --append ls --markdown
in_file out '| technique | engine | time | spread | direct | exits | tables | guest lines | same |'
grep -qE '^\| para .* \| 254 \| output \|' out || fail "the lines of mini that only para needs"
grep -qE '^\| assist .* \| 0 \| yes \|' out || fail "no line of mini is needed for assist"
run 0 compare --runs 1 --max-insns 5000 --append ls
in_file out '5,000 instructions, limit;'

# Refusals, before anything has run.
run 2 compare --input - --append ls
in_file err 'every run needs the script'
run 2 compare --monitor plain
run 2 compare --runs 0
run 2 compare --markdown --json
run 3 compare --svg /no/such/folder/x.svg --append ls
in_file err '/no/such/folder/x.svg'
run 3 compare no-such-kernel.elf
in_file err 'no-such-kernel.elf'
finish
