#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# build.sh <source of main> <program.wasm> [more sources]: the core and a main, as one program for
# WASI. From the top of the tree.
set -euo pipefail

main=$1 out=$2
shift 2
mapfile -t core < <(ls isa/*.c isa/engine/*.c isa/engine/wasm/*.c vmm/board/*.c vmm/*.c | grep -v /unicorn)
exec clang --target=wasm32-wasi -std=gnu17 -O2 -flto -mbulk-memory -msign-ext -mnontrapping-fptoint \
    -DPZ_DEBUG=0 -I . \
    -Wl,--export-table -Wl,--growable-table -Wl,-z,stack-size=1048576 \
    -o "$out" "$main" "$@" "${core[@]}"
