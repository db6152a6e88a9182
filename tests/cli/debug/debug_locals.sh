#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Local variables: in registers, in memory, in blocks, in callers, and optimized out; what a debugger
# shows of them with other ways of writing where they are.
# shellcheck disable=SC2016 # a $ in single quotes is the debugger's
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need clang
need ld.lld
need_guest
"$PZ" doctor --json | python3 -c '
import json, sys
sys.exit(not any(f["name"] == "libdw" and f["found"] for f in json.load(sys.stdin)["findings"]))' ||
    { echo "skipped: no libdw"; exit 77; }

cat >kernel.c <<'END'
struct pair { int first; signed char second; struct pair *next; };
static volatile int sink;

__attribute__((noinline)) static int inner(struct pair *pair, signed char small)
{
    static int calls = 40;
    int sum = pair->first + small;

    calls += 2;
    {
        struct pair sum = {7, -1, pair};

        __asm__ volatile("inner_at: nop" : : "r"(&sum) : "memory");
        sink = sum.first;
    }
    __asm__ volatile("inner_end: nop" : : "r"(sum), "r"(pair));
    sink = sum + calls;
    return sum;
}

__attribute__((noinline)) static int outer(int depth)
{
    struct pair local = {depth, 2, 0};
    int numbers[3] = {1, 2, 3};
    int kept = depth * 3;

    __asm__ volatile("" : : "r"(numbers) : "memory");
    int got = inner(&local, -5);

    sink = numbers[depth & 1];
    return got + kept + numbers[2] + local.second;
}

__attribute__((noreturn)) void body(void)
{
    sink = outer(100);
    for (;;)
        __asm__ volatile("li a7, 8; ecall" : : : "a0", "a1", "a7", "memory");
}

__asm__(".section .text.first, \"ax\"\n.globl _start\n_start: li sp, 0x100000\ntail body\n");
END
printf 'SECTIONS { . = 0x2000; .text : { *(.text.first) *(.text*) } .data : { *(.*data*) *(.bss*) *(COMMON) } }\n' >script

# build <name> <flags>...
build() {
    local name=$1
    shift
    clang --target=riscv32-unknown-elf -march=rv32imac -mabi=ilp32 -mno-relax -ffreestanding -nostdlib -g \
        -c kernel.c -o "$name.o" "$@" 2>said || fail "$(cat said)"
    ld.lld -T script -o "$name.elf" "$name.o" 2>said || fail "$(cat said)"
}

# ask <kernel> <command>...: the answers, as JSON, in answers
ask() {
    local kernel=$1
    shift
    printf '%s\n' "$@" >commands
    run 0 debug --json --batch -x commands "$kernel"
    python3 -c 'import json; print(json.dumps([json.loads(l) for l in open("out")]))' >answers
}

# all <kernel>: what is true of it however it is compiled
all() {
    ask "$1" 'break inner_at' continue 'print sum.second' 'print *sum.next' 'print sum.next->first' 'print calls' \
        'info locals' 'frame 1' 'print local' 'print local.first + 1' 'print &local' 'print numbers' \
        'print numbers[1]' 'frame 0' 'print sum' delete 'break inner_end' continue 'print sum' 'print *pair' 'print &pair->second' \
        'frame 1' 'print numbers[2]'
    json answers 'd[1]["data"]["stop"] == "point" and d[2]["text"].startswith("-1 ")'
    json answers '"first = 100" in d[3]["text"] and d[4]["text"] == "100  (int)\n" and d[5]["text"] == "42  (int)\n"'
    json answers '[row["name"] for row in d[6]["data"]["locals"]].count("sum") == 1'
    json answers 'd[7]["data"]["frame"] == 1 and "second = 2" in d[8]["text"] and d[9]["data"]["value"] == 101'
    json answers 'd[10]["data"]["value"] == d[3]["data"]["address"]'
    json answers '"{1, 2, 3}" in d[11]["text"] and d[12]["text"] == "2  (int)\n"'
    json answers '"first = 7" in d[14]["text"] and d[18]["text"] == "95  (int)\n"'
    json answers '"second = 2" in d[19]["text"] and d[20]["data"]["value"] == d[10]["data"]["value"] + 4'
    json answers 'd[22]["text"] == "3  (int)\n"'
}
build plain -O0
build frame -O1 -fno-omit-frame-pointer
build none -O1 -fomit-frame-pointer
all plain.elf
all frame.elf
all none.elf

# Registers that functions save for their callers; narrow values in wide registers; what is gone.
ask none.elf 'break inner_at' continue 'frame 1' 'print kept' 'frame 2'
json answers 'd[3]["text"] == "300  (int)\n" and "body" in d[4]["text"]'
ask none.elf 'break inner' continue 'print small'
json answers 'd[2]["text"].startswith("-5 ") and d[2]["data"]["type"] == "signed char"'
printf '%s\n' 'break inner_at' continue 'frame 1' 'info locals' >commands
run 0 debug --batch -x commands none.elf
in_file out 'depth = (optimized out)'

# A frame's base as gcc writes it (DW_OP_call_frame_cfa), where clang says s0 (DW_OP_reg8) and means the same.
python3 - <<'PY'
data = open("plain.elf", "rb").read()
assert data.count(b"\x01\x58") >= 3
open("cfa.elf", "wb").write(data.replace(b"\x01\x58", b"\x01\x9c"))
PY
all cfa.elf

# refuse <commands> <why>
refuse() {
    printf 'break inner_at\ncontinue\n%s\n' "$1" >commands
    run 1 debug --batch -x commands none.elf
    in_file out "$2"
}
refuse $'frame 1\nprint depth' 'depth has no value here: it is optimized out'
refuse 'frame 77' 'there is no frame 77'
refuse 'print numbers' "'numbers' is not"
refuse $'frame 1\nstep 1\nprint numbers' "'numbers' is not"
refuse 'break inner if sum == 3' "'sum' is not"
printf '%s\n' 'info locals' >commands
run 1 debug --batch -x commands "$PZ_GUESTS/t_points.elf"
in_file out 'no local variables are known'

# Damaged: never a crash, a hang or another run.
python3 "$SRC/tests/cli/debug/damage.py" "$PZ" none.elf "${PZ_FUZZ_ROUNDS:-12}" 5 \
    'break inner_at; continue; info locals; frame 1; info locals; print numbers; delete; goto 3; print pc' \
    .debug_info .debug_abb .debug_loc .debug_rng .debug_addr .debug_frame || fail "hostile locals"
finish
