#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# build.bash <program.wasm> <source...>: these and the core, as one program for WASI. From the top of
# the tree. Ends with 77 where there is no compiler or library for it.
set -euo pipefail

out=$1
shift
if ! echo 'int main(void) { return 0; }' | clang --target=wasm32-wasi -o "$out" -x c - 2>"$out.err"; then
    echo "no C compiler for WASI here: $(head -n 1 "$out.err")"
    exit 77
fi
core=()
for source in isa/*.c isa/engine/*.c isa/engine/wasm/*.c vmm/board/*.c vmm/*.c; do
    [[ $source == */unicorn* ]] || core+=("$source")
done
exec clang --target=wasm32-wasi -std=gnu17 -O2 -flto -mbulk-memory -msign-ext -Wall -Wextra -Werror \
    -DPZ_DEBUG=0 -I . -Wl,--export-table -Wl,--growable-table -Wl,-z,stack-size=1048576 \
    -o "$out" "$@" "${core[@]}"
