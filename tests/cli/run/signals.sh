#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Signals without a terminal: the first ends the run with its summary, and then pz itself.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest

# ended_by <signal> <number> <words of pz>...
ended_by() {
    local signal=$1 number=$2 code=0 pid
    shift 2
    rm -f out
    # Not through a shell in the background, which would have it ignore SIGINT.
    setsid env --default-signal "$PZ" "$@" >out 2>err </dev/null &
    pid=$!
    until_so test -s out # the guest runs
    kill -s "$signal" "$pid"
    wait "$pid" || code=$?
    ((code == 128 + number)) || fail "pz $*, SIG$signal: status $code"
}

printf 'memtest\n%.0s' {1..5000} >long
for pair in INT:2 TERM:15 HUP:1 QUIT:3; do
    ended_by "${pair%:*}" "${pair#*:}" run --engine spec --input long
    grep -q '^vm0 .* running$' err || fail "${pair%:*}: no summary"
done
ended_by INT 2 bare --input long
grep -q '^bare .* running$' err || fail "bare: no summary"
finish
