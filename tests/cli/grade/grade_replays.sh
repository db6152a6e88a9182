#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Replay files of pz grade are the run that was graded, with all that it depends on: broken
# instruction sets, the kind of monitor, the student's part or the exercise's own, several VMs.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cc
need clang

# again <file>: the same run
again() {
    run 0 replay "$1"
    in_file err 'the same run again'
}

run 1 grade 11 "$SRC/examples/11-hybrid/hybrid.c" --replays kept
again kept/11-hybrid.jrst-is-repaired.pzr
again kept/11-hybrid.popf-is-repaired.pzr

# A thief that is content if it cannot steal: it fails under the weak monitor alone.
sed 's/^thief:$/&\n    li s0, 0x600000\n    TRY lw t0, 0(s0)\n    IS(s10, LOAD_ACCESS)/' \
    "$SRC/examples/10-escape/steal.S" >steal.S
run 1 grade 10 steal.S --replays kept
again kept/10-escape.steal--a-secret.pzr
in_file out FAIL

# A program in a system of its own, with a disk.
run 1 grade 21 "$SRC/tests/solutions/21-pager/wrong2.c" --replays kept
again kept/21-pager.clean-pages.pzr

# What a part keeps between calls goes back with the machine: here how often it was asked.
cat >sstatus.c <<'C'
#include "vmm/parts.h"
static uint32_t asked;
uint32_t part_sstatus_read(const struct hart *hart) { (void)hart; return asked++; }
void part_sstatus_write(struct hart *hart, uint32_t value) { hart->sstatus = value; }
C
run 1 grade 04 sstatus.c --replays kept
again kept/04-sstatus.nobody-can-tell.pzr
printf '%s\n' 'goto 20' regs 'goto 400' 'goto 20' 'goto 300' 'goto 20' regs >commands
"$PZ" debug kept/04-sstatus.nobody-can-tell.pzr <commands >out || fail "pz debug: exit code $?"
grep -E '^ *(zero|sp|tp|t0|a0|s0|s1|a1|a6|s2|s6|s10|t3)' out >registers
[[ $(wc -l <registers) -ge 4 ]] || fail "no registers: $(cat out)"
half=$(($(wc -l <registers) / 2))
cmp <(head -n "$half" registers) <(tail -n "$half" registers) || fail 'going back, registers differ'

# In thread-local variables it would be lost.
sed -i 's/^static/static _Thread_local/' sstatus.c
run 1 grade 04 sstatus.c
in_file out 'thread-local variables, which no checkpoint can keep'
finish
