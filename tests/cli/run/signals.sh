#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Signals without a terminal: the first ends the run with its summary, and then pz itself.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest

# gone <process>: it has ended; else it is interrupted
gone() {
    ! kill -INT "$1" 2>/dev/null
}

# ended_by <signal> <number> <words of pz>...
ended_by() {
    local signal=$1 number=$2 code=0 pid
    shift 2
    rm -f out
    # Not through a shell in the background, which would have it ignore SIGINT.
    setsid env --default-signal "$PZ" "$@" >out 2>err </dev/null &
    pid=$!
    until_by "$pid" test -s out # the guest runs
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

# A debugger that waits for a command on a pipe ends too: only what it runs is interrupted.
mkfifo commands
exec 9<>commands
for script in '' '-x -'; do
    rm -f out
    # shellcheck disable=SC2086 # no argument, or two
    setsid env --default-signal "$PZ" debug $script >out 2>err <commands &
    debugger=$!
    echo regs >&9
    until_so test -s out
    code=0
    # The first may come while the command is still at work, and then interrupts that.
    until_so gone "$debugger"
    wait "$debugger" || code=$?
    ((code == 128 + 2)) || fail "pz debug $script, idle: status $code"
done
exec 9>&-
finish
