#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The high-level-language machine: the same modules, byte for byte, on the host and in guests (mini,
# micro, exo, and as a program for Linux), bare and under every monitor; WebAssembly's own tests, where scripts/wasm-suite.sh has brought them.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
guests=${PZ_GUESTS:-$BUILD/guests}
hll=$BUILD/tests/tools/hll
[[ -r $guests/hll/sieve.wasm ]] || skip "there are no modules: no wasm-ld"

# The same output on the host and in the guest, and what is known of it: 5133 primes, 92 ways, and
# what sha256sum says.
printf 'sieve 50000\nqueens 8\ndigest 4\norder 200\ntrees 7\n' >work
while read -r program argument; do
    "$hll" "$guests/hll/$program.wasm" "$argument" >>host 2>&1 || fail "$program on the host"
    echo "hll $program.wasm $argument" >>script
done <work
in_file host '5133 primes below 50000'
in_file host '8 queens: 92 ways'
in_file host "$(head -c 4096 /dev/zero | sha256sum | cut -d' ' -f1)"
in_file host '10200 objects made, 255 kept, collected'
# said <what>: the last lines of out are the host's
said() {
    tail -n "$(wc -l <host)" out | cmp -s - host || fail "$1 does not say what the host says"
}
for system in box micro-hll exo-hll; do
    run 0 bare "$guests/$system.elf" --append "$(paste -sd';' script)"
    said "$system.elf"
done
# The machine as a program for Linux, in a box of mini; and on QEMU's Linux.
run 0 bare "$guests/box.elf" --append "box run linux.img sh -c '$(paste -sd';' script)'"
said "the program for Linux"
qemu=$(type -P qemu-riscv32-static || type -P qemu-riscv32 || true)
if [[ -n $qemu ]]; then
    while read -r _ module argument; do
        (cd "$guests/linux" && "$qemu" ./hll "$module" "$argument")
    done <script >out 2>err
    said "the program for Linux on QEMU's"
fi

# Compiled for the computer itself the programs say the same.
run 0 bare "$guests/box.elf" --append 'sieve 50000; queens 8; digest 4; order 200'
head -n 5 host | cmp -s - <(tail -n 5 out) || fail "native programs say something else"

# To the instruction the same under every monitor, in each system.
for system in box micro-hll exo-hll; do
    run 0 verify --engine jit --monitor all "$guests/$system.elf" \
        --append 'hll queens.wasm 5; hll order.wasm 20; hll trees.wasm 4'
    not_in_file out DIFFERENT
done

# What is no module, or one that must not run.
run 1 bare "$guests/box.elf" --append 'hll readme'
in_file out 'hll: readme: magic header not detected, at byte 0'
run 1 bare "$guests/box.elf" --append 'hll nothing.wasm'
in_file out 'hll: nothing.wasm: no such file'
head -c 300 "$guests/hll/sieve.wasm" >cut.wasm
"$hll" cut.wasm 2>err && fail "a cut module runs"
in_file err 'hll: cut.wasm: length out of bounds, at byte'
printf '\0asm\1\0\0\0\1\5\1\140\0\1\175\3\2\1\0\12\11\1\7\0\103\0\0\0\0\13' >float.wasm
"$hll" float.wasm 2>err && fail "a module with floats runs"
in_file err 'hll: float.wasm: floating point is not supported, at byte'

# The specification's tests: 73 files of WebAssembly 1.0.
suite=${PZ_WASM_SUITE:-$SRC/build/wasm-suite}
if [[ -r $suite/i32.wast ]] && command -v wast2json >/dev/null; then
    export HLL=$hll
    for test in "$suite"/*.wast; do
        name=$(basename "$test" .wast)
        wast2json "$test" -o "$name.json" || fail "$name: wast2json"
        "$SRC/tests/tools/wasm_script.py" "$name.json" >"$name.script" 2>"$name.left"
        "$hll" --script "$name.script" >out 2>err || fail "WebAssembly's test $name"
    done
    (($(cat ./*.script | wc -l) > 3500)) || fail "too little of WebAssembly's tests was run"
else
    echo "without WebAssembly's own tests: scripts/wasm-suite.sh brings them"
fi
finish
