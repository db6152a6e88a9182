#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz verify: every engine, policy and slice, alone and beside others. (That it finds differences is
# shown by unit/test_verify.)
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest

run 0 verify --engine all --shadow all --slice 7,1000,1M --append 'echo hello; ps'
not_in_file out DIFFERENT
in_file out 'same      spec, shadow flush, slice 7, 1 VM: '
tail -n 1 out | grep -qE '^[0-9]+ the same, 0 different$' || fail "no last line with the count"

run 0 verify --slice all --append 'echo hello'
(($(grep -c '^same ' out) == 4)) || fail "--slice all is not four slices"

# Every technique that the engine can serve; one without shadow tables has no policies.
run 0 verify --engine jit --monitor all --shadow all --append 'echo hello'
for monitor in plain hybrid para translate; do
    words=", $monitor"
    [[ $monitor != plain ]] || words=
    (($(grep -c "^same *jit$words, shadow " out) == 3)) || fail "--monitor all: not three policies under $monitor"
done
(($(grep -c '^same *jit, assist' out) == 1)) || fail "--monitor all: not assist, once"
run 0 verify --engine unicorn --monitor all --append 'echo hello'
not_in_file out assist
in_file out para

printf 'echo script\nforktest\n' >script
run 0 verify --vms 3 --slice 1000 --input script
in_file out ', 3 VMs: '
run 0 verify --max-insns 100k --append primes
in_file out '100,000 instructions, stopped'
run 2 verify "$SRC/LICENSE"
in_file err 'not an ELF file'
finish
