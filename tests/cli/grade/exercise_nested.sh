#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Exercise 17 with a guest that says what monitors say, one that never ends, and one that asks for
# what it has not: they are counted, or have no figures; and nothing breaks.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need clang
need python3

cp "$SRC"/tests/solutions/17-nested/solution/answers.txt .

# guest <lines of main>
guest() {
    printf '%s\n' '#include "guest.inc"' 'main:' "$@" >mine.S
}

guest 'la a0, text' 'li a1, 38' 'call print' 'li s0, 1000' '2: csrr t0, scause' 'addi s0, s0, -1' \
    'bnez s0, 2b' 'j pass' 'text: .ascii "type1: vm0 x: shut down, exits 123456\n"'
run 1 grade 17 mine.S answers.txt --json
json out '[c["expected"] for c in d["checks"] if c["name"] == "mine: depth 0"] == ["1008"]'
json out '[8000 < int(c["expected"]) < 9200 for c in d["checks"] if c["name"] == "mine: the monitor in between"] == [True]'

guest 'j main'
run 1 grade 17 mine.S answers.txt --json
json out '["mine.S does not shut down" in c["message"] for c in d["checks"] if c["name"].startswith("mine: depth")] == [True] * 4'

guest 'li sp, -4' 'sw zero, 0(sp)' 'li t0, -1' 'csrw satp, t0' 'csrw stvec, t0' 'lw t0, 0(sp)' 'j pass'
run 1 grade 17 mine.S answers.txt --json
json out '[c["outcome"] for c in d["checks"] if c["name"].startswith("mine: depth")] == ["fail"] * 4'
finish
