#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# --trace: the same run, the same file, in each form; the forms tell the same; pz trace prints,
# filters and converts; a damaged file is refused where the damage is.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

for form in json bin jsonl; do
    for k in 1 2; do
        run 0 run --vms 2 --append 'echo hello' --append ls --trace "$k.$form"
    done
    cmp -s "1.$form" "2.$form" || fail "two runs, two $form traces"
done

run 0 trace 1.bin
(($(grep -vc '^#' out) == $(wc -l <1.jsonl) - 1)) || fail "the forms have other events"
run 0 trace 1.bin --to-json again.json
cmp -s 1.json again.json || fail "converted, it is another trace"

# All of the rules, on this and on a run with every kind of exit.
run 0 run "$PZ_GUESTS/t_user_timer.elf" "$PZ_GUESTS/t_uart.elf" --slice 300 --trace exits.json
python3 "$SRC/tests/cli/run/trace_format.py" 1.json exits.json || fail "not the trace event format"

python3 - 1.json 1.jsonl <<'END' || fail "not what Perfetto opens"
import json, sys
trace = json.load(open(sys.argv[1]))["traceEvents"]
lines = [json.loads(line) for line in open(sys.argv[2])][1:]
work = [e for e in trace if e["ph"] == "X" and e["tid"] == 3]
assert len(work) == len(lines)
assert [(e["pid"] - 1, e["ts"], e["name"]) for e in work] == \
    [(e["vm"], e["retired"], e["action"]) for e in lines]
begun = {e["id"] for e in trace if e["ph"] == "s"}
assert {e["id"] for e in trace if e["ph"] == "t"} == begun
assert {e["id"] for e in trace if e["ph"] == "f"} <= begun
assert any(e["ph"] == "C" and e["args"]["leaf tables"] for e in trace)
assert {e["args"]["name"] for e in trace if e["name"] == "thread_name"} == \
    {"guest user", "guest kernel", "monitor"}
for pid in (1, 2):
    for tid in (1, 2):
        end = 0
        for e in trace:
            if e["ph"] == "X" and (e["pid"], e["tid"]) == (pid, tid):
                assert e["ts"] >= end and e["dur"] >= 0, e
                end = e["ts"] + e["dur"]
END

run 0 trace 1.bin --vm 1 --action fill --from 1000 --to 100k
grep -v '^#' out | awk '$1 != 1 || $2 < 1000 || $2 > 100000 || $5 != "fill" { exit 1 }' ||
    fail "the filter lets others through"
run 0 trace 1.bin --cause 'page fault'
grep -v '^#' out | grep -vq 'page fault' && fail "--cause lets others through"
run 0 trace 1.bin --cause 8
grep -v '^#' out | grep -vq 'ecall from user' && fail "--cause N lets others through"
run 2 trace 1.bin --cause nonsense
run 2 trace 1.bin --action nonsense
run 2 trace 1.jsonl
in_file err 'damaged at offset 0'
head -c 300 1.bin >cut.bin
run 2 trace cut.bin
in_file err 'cut.bin: damaged at offset'

finish
