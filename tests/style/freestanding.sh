#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The core compiles for a bare riscv32 with no library, needs nothing from outside but
# memcpy, memset, memmove, memcmp and the compiler's own 64-bit arithmetic, and keeps no
# writable globals. Engines that need a host (unicorn, jit) are not part of it.
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"
need clang ld.lld llvm-nm

needs='mem(cpy|set|move|cmp)'
helpers='__(div|udiv|mod|umod|mul|ashl|lshr|ashr)di3'

# A bare compiler has no string.h; these four are what the core may have of it.
mkdir "$SCRATCH/include"
cat >"$SCRATCH/include/string.h" <<'END'
#include <stddef.h>
void *memcpy(void *, const void *, size_t);
void *memset(void *, int, size_t);
void *memmove(void *, const void *, size_t);
int memcmp(const void *, const void *, size_t);
END

compile() {
    clang --target=riscv32-unknown-elf -march=rv32imac -mabi=ilp32 -std=gnu17 -O2 -Wall -Wextra \
        -Werror -ffreestanding -nostdlib -nostdlibinc -isystem "$SCRATCH/include" -I . \
        -DPZ_DEBUG=0 -c "$1" -o "$2"
}

check() {
    local file out objects=()
    out=$(mktemp -d "$SCRATCH/objects.XXXXXX")
    for file in "$@"; do
        objects+=("$out/${file//\//_}.o")
        compile "$file" "${objects[-1]}" || return 0
    done
    ld.lld -r -m elf32lriscv -o "$out/core.o" "${objects[@]}" || return 0
    llvm-nm --undefined-only --just-symbol-name "$out/core.o" | grep -vxE "$needs|$helpers" |
        sed 's/^/needs from outside: /' || true
    llvm-nm --defined-only "$out/core.o" | awk '$2 ~ /^[BbDdCSsGg]$/ { print "writable global: " $3 }'
}

{
    echo '#include <string.h>'
    echo '#include <stdint.h>'
    echo 'const char *const names[] = {"a", "b"};'
    echo 'uint64_t f(uint64_t a, uint64_t b) { return a / b; }'
    echo 'void g(char *p, const char *q) { memcpy(p, q, 1000); }'
} | plant good.c
echo 'void *malloc(unsigned n); void *h(void) { return malloc(4); }' | plant hosted.c
echo '#include <stdio.h>' | plant stdio.c
echo 'int counter; int h(void) { return ++counter; }' | plant global.c
echo 'int h(void) { static int n = 7; return ++n; }' | plant static.c
must_pass "a freestanding file" good.c
must_complain 'from outside: malloc' good.c hosted.c
must_complain 'stdio.h. file not found' good.c stdio.c
must_complain 'writable global: counter' good.c global.c
must_complain 'writable global: ' good.c static.c

# The program vmm/type1 is made of the core, and has what a program has: state, and a main.
mapfile -t core < <(list_files 'isa/*.c' 'vmm/*.c' | grep -vE '^(isa/engine/(unicorn|jit|cpu|wasm/imports)|vmm/type1)')
check_tree "${core[@]:-none.c}"
