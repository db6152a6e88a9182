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
finish
