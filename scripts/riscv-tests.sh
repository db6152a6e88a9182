#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds the instruction tests of riscv-tests for PZ32, and runs each bare and in a VM under every monitor:
#
#   scripts/riscv-tests.sh DIR [NAME]...
#
# DIR: its sources, with isa/ in it. NAME: rv32ui, rv32um, rv32ua, rv32uc or rv32si; all of them by default.
# Their own environment starts in machine mode. Here they run in supervisor mode, those named rv32u* a second
# time in user mode, and report through the firmware's console. PZ names the pz to use, build/release/bin/pz by
# default. Tests of extensions that PZ32 has not, which do not assemble, are skipped; so is `dirty`, which needs
# machine mode. Exits with 1 if a test fails.
set -euo pipefail

say() { printf 'riscv-tests: %s\n' "$*" >&2; }

if [[ $# -eq 0 || $1 == -* || ! -d $1/isa ]]; then
    say "DIR [NAME]...: the folder with the sources of riscv-tests, and which of its suites: all by default"
    exit 2
fi
isa=$(cd "$1" && pwd)/isa
shift
[[ $# -gt 0 ]] || set -- rv32ui rv32um rv32ua rv32uc rv32si
pz=${PZ:-$(dirname "${BASH_SOURCE[0]}")/../build/release/bin/pz}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The environment: what the sources include as riscv_test.h. A test ends with an ECALL. From user mode it comes
# here; from supervisor mode the firmware refuses it and returns, and the test goes on to `report`.
cat >"$work/riscv_test.h" <<'END'
#define CAUSE_MISALIGNED_FETCH 0
#define CAUSE_ILLEGAL_INSTRUCTION 2
#define CAUSE_BREAKPOINT 3
#define CAUSE_USER_ECALL 8
#define SSTATUS_SPP 0x100
#define SSTATUS_SIE 2
#define SIP_SSIP 2
#define TESTNUM gp
#define RVTEST_RV32U .macro init; li t0, SSTATUS_SPP; TO_MODE sstatus, t0; .endm
#define RVTEST_RV64U RVTEST_RV32U
#define RVTEST_RV32S .macro init; li t0, SSTATUS_SPP; csrs sstatus, t0; .endm
#define RVTEST_RV64S RVTEST_RV32S
#define RVTEST_CODE_BEGIN .section .text.init, "ax"; .globl _start; _start: la t0, HANDLER; csrw stvec, t0; \
  li gp, 0; init; la t0, 1f; csrw sepc, t0; sret; .balign 4; on_trap: csrr t5, scause; li t6, 8; \
  beq t5, t6, 2f; li gp, 1337; 2: tail report; 1:
#define RVTEST_CODE_END unimp
#define RVTEST_PASS fence; li gp, 1; li a7, 93; ecall; tail report
#define RVTEST_FAIL fence; 1: beqz gp, 1b; slli gp, gp, 1; ori gp, gp, 1; li a7, 93; ecall; tail report
#define RVTEST_DATA_BEGIN .balign 16
#define RVTEST_DATA_END .balign 16
END
cat >"$work/report.S" <<'END'
  .section .text.report, "ax"
  .globl report
report: li a0, 'P'; li t0, 1; beq gp, t0, 1f; li a0, 'F'
1: li a7, 1; ecall; li a7, 8; ecall
2: j 2b
END
cat >"$work/link.ld" <<'END'
ENTRY(_start)
SECTIONS
{
  . = 0x80400000;
  .text : { *(.text.init) *(.text.report) *(.text) }
  .data : ALIGN(4096) { *(.data) *(.data.*) *(.bss) }
}
END

# build <source> <suite> <how user tests leave supervisor mode: csrs stays, csrc does not>
build() {
    local handler=on_trap
    grep -q 'stvec_handler' "$1" "$isa/rv64${2#rv32}/$(basename "$1")" 2>/dev/null && handler=stvec_handler
    clang --target=riscv32-unknown-elf -march=rv32imac -mabi=ilp32 -mno-relax -nostdlib -static -fuse-ld=lld -w \
        -DTO_MODE="$3" -DHANDLER=$handler -Dsbadaddr=stval -I"$work" -I"$isa/macros/scalar" -T "$work/link.ld" \
        "$1" "$work/report.S" -o "$work/test.elf" 2>/dev/null
}

# passes: whether it does, bare and under every monitor
passes() {
    local monitor
    [[ $("$pz" bare --machine virt --max-insns 100M "$work/test.elf" 2>/dev/null </dev/null) == P ]] || return 1
    for monitor in plain hybrid translate assist para; do
        [[ $("$pz" run --machine virt --max-insns 100M --monitor $monitor "$work/test.elf" 2>/dev/null </dev/null) == P ]] ||
            return 1
    done
}

passed=0 failed=0 skipped=0
for suite; do
    modes=(csrs csrc)
    [[ $suite == rv32u* ]] || modes=(csrs)
    for source in "$isa/$suite"/*.S; do
        name=$suite/$(basename "$source" .S)
        for mode in "${modes[@]}"; do
            if [[ $name == */dirty ]] || ! build "$source" "$suite" "$mode"; then
                skipped=$((skipped + 1))
            elif passes; then
                passed=$((passed + 1))
            else
                say "$name, $([[ $mode == csrc ]] && echo user || echo supervisor) mode: failed"
                failed=$((failed + 1))
            fi
        done
    done
done
say "$passed passed, $failed failed, $skipped skipped"
[[ $failed -eq 0 && $passed -gt 0 ]]
