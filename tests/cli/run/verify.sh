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

printf 'echo script\nforktest\n' >script
run 0 verify --vms 3 --slice 1000 --input script
in_file out ', 3 VMs: '
run 0 verify --max-insns 100k --append primes
in_file out '100,000 instructions, stopped'
run 2 verify "$SRC/LICENSE"
in_file err 'not an ELF file'
finish
