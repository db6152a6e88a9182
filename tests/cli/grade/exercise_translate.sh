#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The replays of exercise 13 are the runs that were graded: a translation that leaves the old mapping
# or an interrupt behind does the same in the debugger, however it is stepped.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cc
need clang

cp "$SRC"/tests/solutions/13-translate/solution/break.S .
cp "$SRC"/tests/solutions/13-translate/wrong1/csrrw.c .
run 1 grade 13 break.S csrrw.c
for check in SUM-and-MXR another-address-space; do
    run 0 replay "13-translate.$check.pzr"
done

# debug <file> <lines of commands>: what pz debug prints is in out
debug() {
    printf '%b' "$2" >commands
    run 0 debug -x commands --batch "$1"
}

# Step by step through the stale mapping: the load that should trap does not, and so too going back.
debug 13-translate.SUM-and-MXR.pzr 'goto 144\nstep\nstep\nprint pc\nback\nback\nstep\nstep\nprint pc\n'
(($(grep -c '^0x1350' out) == 2)) || fail "the load traps, or the run is another the second time"

# A translation is none if each instruction exits.
cp "$SRC"/tests/solutions/13-translate/wrong5/csrrw.c .
run 1 grade 13 break.S csrrw.c --json
json out '[c["got"] for c in d["checks"] if c["name"] == "no exit without need"] == ["0"]'
finish
