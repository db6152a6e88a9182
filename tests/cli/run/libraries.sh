#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Unicorn and Capstone are loaded when they are needed: most of what pz does starts without them, and
# a pz that lacks them says so only where it matters.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need ldd
"$PZ" doctor >found || fail "pz doctor"
grep -qE '^library +unicorn +found' found || skip "no unicorn in this pz"

ldd "$PZ" >needed || fail "ldd"
not_in_file needed libunicorn
not_in_file needed libcapstone

# One that finds files by these names, before the system's, which are no libraries.
mkdir bin lib
cp "$PZ" bin/pz
for name in libunicorn.so libcapstone.so; do
    for version in 2 5; do echo broken >"lib/$name.$version"; done
done
PZ_GUESTS=${PZ_GUESTS:-$BUILD/guests}
export PZ_GUESTS
alone() {
    local expected=$1 code=0
    shift
    timeout "$PATIENCE" bin/pz "$@" >out 2>err </dev/null || code=$?
    ((code == expected)) || fail "pz $*: exit code $code, not $expected"
}

alone 0 run --vms 1 --append 'echo still here'
in_file out 'still here'
alone 3 run --engine unicorn --append ls
in_file err 'cannot be loaded'
in_file err libunicorn
alone 0 doctor
grep -qE '^library +unicorn +MISSING' out || fail "doctor finds a library that is not there"
finish
