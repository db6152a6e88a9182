#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What scripts/riscv-tests.sh makes of a test that passes, of one that does not, of one for another CPU,
# and of one that handles its own traps.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need clang

# exits <status> <words>...: the script does
exits() {
    local wanted=$1 status=0
    shift
    PZ=$PZ "$SRC/scripts/riscv-tests.sh" "$@" >out 2>err || status=$?
    [[ $status == "$wanted" ]] || fail "riscv-tests.sh $*: exit status $status, not $wanted: $(cat err)"
}

# source_of <name> <header's macro> <text>: a test with this text
source_of() {
    mkdir -p "tests/isa/$(dirname "$1")"
    printf '#include "riscv_test.h"\n%s\nRVTEST_CODE_BEGIN\n%s\nRVTEST_CODE_END\n' "$2" "$3" >"tests/isa/$1.S"
}

# What each of them has: where it goes on fail, and where on pass.
ends='RVTEST_PASS
fail: RVTEST_FAIL'
source_of rv32ui/good RVTEST_RV32U "li TESTNUM, 2
li a0, 5
addi a0, a0, 1
li a1, 6
bne a0, a1, fail
$ends"
source_of rv32ui/other RVTEST_RV32U "fadd.s f0, f0, f0
$ends"
exits 0 tests rv32ui
in_file err '2 passed, 0 failed, 2 skipped'

# In user mode sstatus is not to be read; in supervisor mode it is.
source_of rv32um/mode RVTEST_RV32U "li TESTNUM, 2
csrr a0, sstatus
$ends"
exits 1 tests rv32um
in_file err 'rv32um/mode, user mode: failed'
in_file err '1 passed, 1 failed, 0 skipped'

# Its own handler gets the ECALL from user mode, and ends the test in supervisor mode.
source_of rv32si/handler RVTEST_RV32S "li TESTNUM, 2
li t0, SSTATUS_SPP
csrc sstatus, t0
la t0, 1f
csrw sepc, t0
sret
1: ecall
$ends
.balign 4
stvec_handler: li t0, CAUSE_USER_ECALL
csrr t1, scause
bne t0, t1, fail
RVTEST_PASS"
exits 0 tests rv32si
in_file err '1 passed, 0 failed, 0 skipped'

exits 2
exits 2 tests/isa
finish
