#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gdb on machines with several CPUs: a thread for each, with registers of its own; a step is that
# thread's, and backwards brings all of them back.
# shellcheck disable=SC2016 # a $ in single quotes is gdb's
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need gdb-multiarch
lock=$PZ_GUESTS/t_smp_lock.elf

setsid "$PZ" run --vms 2 --mem 8M --cpus 4 --quantum 500 --gdb unix:s "$lock" >console 2>said </dev/null &
server=$!
until_by "$server" test -S s
cat >script <<'END'
info threads
thread 1
monitor vm 0
monitor goto 8000
maintenance flush register-cache
info threads
thread 3
set $a = $pc
set $hart = (int)$s0
stepi
set $b = $pc
reverse-stepi
p $hart
p $a == $pc && $a != $b
thread 8
p (int)$s0
monitor cpus
break over
continue
thread
p (int)$s0
kill
END
timeout "$PATIENCE" gdb-multiarch -batch -nx -iex 'set confirm off' -iex 'set width 0' -iex 'set auto-load off' \
    -ex 'target remote s' -x script "$lock" >out 2>&1 </dev/null || fail "gdb: exit code $?"
timeout "$PATIENCE" tail --pid="$server" -f /dev/null || kill -9 "$server"
in_file out 'Thread 1 "vm0 cpu0" (t_smp_lock.elf, supervisor, 0 instructions)'
in_file out 'Thread 8 "vm1 cpu3"'
in_file out '* cpu3'
[[ $(grep -E '^\$[0-9]' out) == '$1 = 2
$2 = 1
$3 = 0
$4 = 0' ]] || fail "$(cat out)"
finish
