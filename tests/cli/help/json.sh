#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# --json: one valid document on stdout, with its schema; and the lines of --trace.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

# Every schema is described, and nothing else.
grep -ohE '"pz-[a-z]+/1' "$SRC"/tools/*/*.c "$SRC"/tools/*.c "$SRC"/scripts/*.sh | tr -d '"' | sort -u >schemas
(($(wc -l <schemas) > 10)) || fail "too few schemas in the sources"
grep -ohE 'pz-[a-z]+/1' "$SRC/docs/json.md" | sort -u >described
comm -3 schemas described >differ
[[ ! -s differ ]] || fail "docs/json.md and the sources have not the same schemas: $(<differ)"

run 0 run --variant list --json
json out 'd["schema"] == "pz-variants/1" and d["variants"][0]["name"]'

run 0 version --json
json out 'd["schema"] == "pz-version/1" and d["pz"]'
run 0 doctor --json
json out 'd["schema"] == "pz-doctor/1" and any(f["name"] == "spec" and f["found"] for f in d["findings"])'
json out 'all(f["found"] or f["cost"] for f in d["findings"])'

run 0 run --json --append 'echo hello'
[[ ! -s err ]] || fail "--json prints on stderr"
json out 'd["schema"] == "pz-run/1" and d["ok"] is True and len(d["vms"]) == 2'
json out 'all("hello\n" in v["console"] and v["end"] == "off" for v in d["vms"])'
json out 'd["vms"][0]["retired"] == d["vms"][1]["retired"] > 0'
json out 'd["exits"]["total"] == sum(v["exits"]["total"] for v in d["vms"]) > 0'
json out 'all(v["console_bytes"] == len(v["console"].encode()) for v in d["vms"])'

run 1 run --json --max-insns 1000 --append ls
json out 'd["ok"] is False and d["vms"][0]["end"] == "limit" and d["vms"][0]["retired"] == 1000'

# Bytes that are no text do not spoil the document.
printf 'echo \xff\xfe\xc3 \xc3\xa9\n' >odd
run 0 run --json --vms 1 --input odd
json out '"\ufffd\ufffd\ufffd \u00e9" in d["vms"][0]["console"]'

run 0 bare --json --append 'echo hello'
json out 'd["schema"] == "pz-bare/1" and d["ok"] is True and "hello" in d["console"]'
run 0 verify --json --append 'echo hello'
json out 'd["schema"] == "pz-verify/1" and d["ok"] is True and d["runs"][0]["same"] is True'
run 0 map --json
json out 'd["schema"] == "pz-map/1" and len(d["vms"]) == 2 and d["same_bytes"] is True'
json out 'd["vms"][0]["kernel_page0"]["gpa"] == d["vms"][1]["kernel_page0"]["gpa"] == 0'
json out 'd["vms"][0]["kernel_page0"]["mpa"] != d["vms"][1]["kernel_page0"]["mpa"]'

# The trace: a header, then one object for each exit; the same in every run.
run 0 run --append 'echo hello' --trace one.jsonl
run 0 run --append 'echo hello' --trace two.jsonl
cmp -s one.jsonl two.jsonl || fail "two runs, two traces"
python3 - one.jsonl <<'END' || fail "the trace is not as docs/json.md has it"
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
assert lines[0]["schema"] == "pz-trace/1"
events = lines[1:]
assert {e["vm"] for e in events} == {0, 1}
assert {"emulate", "inject", "sbi", "fill", "switch"} <= {e["action"] for e in events}
for e in events:
    assert e["mode"] in ("user", "supervisor")
    assert (e["action"] == "switch") == ("cause" not in e)
for k in (0, 1):
    retired = [e["retired"] for e in events if e["vm"] == k]
    assert retired == sorted(retired)
END
finish
