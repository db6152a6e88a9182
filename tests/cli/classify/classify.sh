#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz classify: verdicts, documents, witnesses and their guests, and what is refused.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3

engine_is_there() {
    "$PZ" doctor | grep -qE "^engine +$1 +found"
}

# refused <text of the message> <words of pz>...: a usage error, in one line
refused() {
    local text=$1
    shift
    run 2 "$@"
    in_file err "$text"
    (($(wc -l <err) == 1)) || fail "pz $*: not one line on stderr"
}

for schema in pz-classify pz-witness; do
    in_file "$SRC/docs/json.md" "$schema/1"
done

# The whole of PZ32, as its tables claim; the same bytes each time.
run 0 classify
in_file out 'claim: all rows'
in_file out 'Theorem 1, a monitor exists: holds'
in_file out 'Theorem 2, it can run itself: holds'
in_file out 'Theorem 3, a hybrid monitor exists: holds'
run 0 classify --json
if ! is_debug; then
    cp out first
    run 0 classify --json
    cmp -s first out || fail "two runs, two documents"
fi
json out 'd["schema"] == "pz-classify/1" and d["ok"] is True and d["differences"] == 0'
json out 'len(d["rows"]) > 600 and all(t["holds"] for t in d["theorems"])'
json out 'all(r["witnesses"] for r in d["rows"] if r["sensitive"])'
json out '[r["class"] for r in d["rows"] if r["name"] in ("sret", "csrrs.time", "add")] == ["innocuous", "control", "behaviour"]'
only=()
! is_debug || only=(--only "sret,wfi,sfence.vma,csrrs.satp,csrrw.sstatus,csrrs.time,ecall,lw,sw,add")
run 0 classify --json --seed 99 --trials 3 "${only[@]}"
json out 'd["ok"] is True and d["seed"] == 99 and d["trials"] == 3'

if engine_is_there jit; then
    run 0 classify --engine jit "${only[@]}"
fi

# A witness of every sensitive row, some of them one by one, and what they show.
run 0 classify --witness csrrs.satp/location-1
in_file out 'csrrs t0, satp, zero'
in_file out 'different: t0'
in_file out 'It holds.'
run 0 classify --witness sfence.vma/control-1
in_file out 'changed: translations'
run 0 classify --witness csrrs.sstatus/privileged-1 --json
json out 'd["schema"] == "pz-witness/1" and d["ok"] is True and d["runs"][1]["trap"] == 2'
json out 'd["runs"][0]["before"]["mode"] == 1 and d["runs"][1]["before"]["mode"] == 0'
run 1 classify --witness add/mode-1
in_file err 'nothing on spec shows it'
run 1 classify --witness csrrs.hpmcounter3/time-1

# As a guest: it comes to the instruction in both states, bare and under the monitor.
for witness in csrrs.satp/location-1 csrrs.sstatus/privileged-1 sret/control-1 add/unprivileged-1; do
    run 0 classify --witness "$witness" --elf guest.elf
    run 0 bare guest.elf
    run 0 verify --engine spec guest.elf
done
run 0 classify --witness csrrs.satp/location-1 --elf guest.elf
printf '%s\n' 'until pc == 0x4ffc' step regs 'until pc == 0x4ffc' step regs >commands
run 0 debug --batch -x commands guest.elf
in_file out 't0   0x8000001e'
in_file out 't0   0x8000002e'

# Broken instruction sets: the theorems as isa/variants.def claims.
run 0 classify --variant jrst --json
json out 'd["variants"] == "jrst" and [t["holds"] for t in d["theorems"]] == [False, False, True]'
json out '"sret/mode-1" in d["theorems"][0]["counterexamples"]'
run 0 classify --variant lra --json
json out '[t["holds"] for t in d["theorems"]] == [False, False, False]'
json out '[r["user_sensitive"] for r in d["rows"] if r["name"] == "lra"] == [["location"]]'
run 0 classify --variant jrst --witness sret/mode-1
run 0 classify --variant io-probe --witness io.probe/device-1

# Hardware assistance: wfi alone is sensitive, and leaves; a broken instruction set has no more.
run 0 classify --mode assist
in_file out '818 rows on spec with hardware assistance'
in_file out 'wfi        privileged  control  control  wfi/control-1  waits'
in_file out '92 leave: in supervisor mode never; in user mode virtual instruction'
in_file out '92 that are sensitive without assistance are not with it'
in_file out 'Theorem 1 with hardware assistance, a monitor exists: holds'
run 0 classify --mode assist --variant smsw,jrst,lra --only csrrs.satp,sret,lra,wfi,ecall,lw --json
json out 'd["mode"] == "assist" and d["ok"] is True and [t["theorem"] for t in d["theorems"]] == [1]'
json out '[r["name"] for r in d["rows"] if r["sensitive"]] == ["wfi"]'
json out '[r["leaves"] for r in d["rows"] if r["name"] == "ecall"] == [{"user": [], "supervisor": [10]}]'
json out '[r["leaves"]["supervisor"] for r in d["rows"] if r["name"] == "lw"] == [[21]]'
run 0 classify --mode assist --witness wfi/privileged-1
in_file out 'root mode, its memory at 0x00000000 of the machine: it runs, and waits'
in_file out 'non-root mode, its memory at 0x00000000 of the machine: it traps: virtual instruction'
run 0 classify --mode assist --witness wfi/privileged-1 --json
json out '[r["world"] for r in d["runs"]] == ["root", "non-root"] and d["runs"][1]["trap"] == 22'
if engine_is_there jit; then
    run 0 classify --mode assist --engine jit --only wfi,sret,csrrw.satp,lw,sw
fi

# Unicorn's CPU has violations of its own.
if engine_is_there unicorn; then
    run 1 classify --engine unicorn --only sret,sfence.vma,csrrs.satp,csrrs.cycle,csrrci.instret --json
    json out 'd["theorems"][2]["counterexamples"] == ["csrrs.cycle/time-1", "csrrci.instret/time-1"]'
    json out '[r["name"] for r in d["rows"] if r["as_claimed"]] == ["sret", "sfence.vma", "csrrs.satp"]'
    run 0 classify --engine unicorn --witness csrrs.cycle/time-1
    in_file out 'It holds.'
fi

refused "no row 'srett': did you mean 'sret'?" classify --only srett
refused "no row 'csrrs.sstats': did you mean 'csrrs.sstatus'?" classify --witness csrrs.sstats/mode-1
refused "no row 'qqqqqqqqqqqq' (" classify --only qqqqqqqqqqqq
refused "no row ''" classify --only sret,,wfi
refused "--only: name a row" classify --only ''
refused "no witness 'sret/controll-1': did you mean 'control'?" classify --witness sret/controll-1
refused "no witness 'sret'" classify --witness sret
refused "no witness 'sret/control-0'" classify --witness sret/control-0
refused "no witness 'sret/control-11'" classify --witness sret/control-11
refused "--engine: there is no 'spce'" classify --engine spce
refused "--variant: there is no variant 'jrts': did you mean 'jrst'?" classify --variant jrts
refused "--elf needs --witness" classify --elf x.elf
refused "--only and --witness: give one" classify --only sret --witness sret/control-1
refused "too many words, from 'sret'" classify sret
refused "--mode: there is no 'asist': did you mean 'assist'?" classify --mode asist
refused "--elf and --mode assist" classify --mode assist --witness wfi/control-1 --elf x.elf
if engine_is_there unicorn; then
    refused "engine 'unicorn' has no second stage" classify --mode assist --engine unicorn
fi
refused "--trials: 100001 is out of range" classify --trials 100001
run 3 classify --witness sret/control-1 --elf /nonexistent/x.elf
in_file err '--elf: /nonexistent/x.elf: cannot be written'
finish
