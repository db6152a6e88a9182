#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz diff: the first instruction where two recordings part, by what was typed, by the instruction
# set, by where they end; the same on every engine, and for every VM.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

# session <name> <text typed>
session() {
    printf '%s' "$2" >"$1.txt"
    run 0 run --vms 1 --input "$1.txt" --record "$1.pzr" "${@:3}"
}
session good $'ls\necho hello\nhalt\n'
session bad $'ls\necho hellp\nhalt\n'

run 0 diff good.pzr good.pzr
in_file out 'the same: '
run 0 diff --json good.pzr good.pzr
json out 'd["schema"] == "pz-diff/1" and d["same"] and d["vms"][0]["how"] == "same"'

# One byte: found at the instruction that takes it, which is nobody else's to know.
run 1 diff good.pzr bad.pzr
in_file out "last typed: 'o'"
in_file out "last typed: 'p'"
[[ ! -s err ]] || fail "a difference is no error message"
run 1 diff --json good.pzr bad.pzr
cp out by_default
json out 'not d["same"] and d["vms"][0]["how"] == "instruction" and d["insn"]["insn"] == "ecall"'
json out '[s["typed"] for s in d["sides"]] == [ord("o"), ord("p")]'
json out 'all(s["retired"] == d["insn"]["retired"] + 1 for s in d["sides"])'
json out 'd["memory_words"] == len(d["memory"]) == 1'
json out 'd["memory"][0]["values"][0] ^ d["memory"][0]["values"][1] == ord("o") ^ ord("p")'
json out 'd["compared"] < 60'
run 1 diff --json --engine spec good.pzr bad.pzr
cmp -s out by_default || fail "another engine finds another place"
run 1 diff --json bad.pzr good.pzr
json out '[s["typed"] for s in d["sides"]] == [ord("p"), ord("o")]'

# At this place, and at none before, the debugger's hashes differ.
at=$(python3 -c 'import json; print(json.load(open("by_default"))["insn"]["retired"])')
hash_at() {
    printf 'goto %s\nhash\n' "$2" | "$PZ" debug --json "$1.pzr" 2>/dev/null | tail -n 1 |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["data"]["hash"])'
}
for before in "$at" $((at - 1)) $((at - 1000)) 0; do
    [[ $(hash_at good "$before") == "$(hash_at bad "$before")" ]] || fail "not the same at $before"
done
[[ $(hash_at good $((at + 1))) != "$(hash_at bad $((at + 1)))" ]] || fail "the same behind $at"

# The instruction set: where popf's CPU loses what is written to sstatus.
session sound $'ls\nhalt\n'
session broken $'ls\nhalt\n' --variant popf
run 1 diff --json sound.pzr broken.pzr
json out '"sstatus" in d["insn"]["insn"] and list(d["fields"]) == ["sstatus"]'

# Kernels' command lines: from the beginning. A run that is cut: at its end.
run 0 run --vms 1 --append ls --record ls.pzr
run 1 diff --json good.pzr ls.pzr
json out 'd["vms"][0]["how"] == "beginning" and d["vms"][0]["same_for"] == 0 and d["memory_words"]'
run 1 run --vms 1 --append ls --max-insns 100k --record cut.pzr
run 1 diff --json ls.pzr cut.pzr
json out 'd["vms"][0]["same_for"] in (99999, 100000) and d["sides"][1]["ends_at"] == 100000'

# Two VMs: slices are no difference, and the one that parts is named.
run 0 run --vms 2 --input good.txt --input good.txt --slice 1000 --record slices.pzr
run 0 run --vms 2 --input good.txt --input good.txt --slice 777 --record others.pzr
run 0 diff slices.pzr others.pzr
run 0 run --vms 2 --input good.txt --input bad.txt --slice 1000 --record second.pzr
run 1 diff --json slices.pzr second.pzr
json out 'd["vm"] == 1 and d["vms"][0]["how"] == "same" and d["vms"][1]["how"] == "instruction"'
json out "d['vms'][1]['same_for'] == $at"

# What cannot be compared is said.
run 2 diff good.pzr
in_file err 'name two recordings'
run 2 diff good.pzr bad.pzr ls.pzr
in_file err 'too many words'
run 2 diff good.pzr slices.pzr
in_file err 'only runs of as many VMs'
run 2 diff good.pzr good.txt
in_file err 'good.txt'
run 3 diff good.pzr none.pzr
in_file err 'none.pzr'
finish
