#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# trusted_lines.sh FILE: writes a C header with the lines of code that everything in a system has to trust: all
# that runs with its highest privilege, without comments and blank lines. A pattern that matches
# nothing is an error.
set -euo pipefail
shopt -s failglob
exec >"${1:?a file is needed}"
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# define <name> <file>...
define() {
    local name=$1
    shift
    printf '#define TRUSTED_LINES_%s %su\n' "$name" "$(awk -f scripts/code_lines.awk "$@")"
}

mini=(guestos/mini/kernel/*.[chS] guestos/mini/include/mini/*.{h,def} guestos/common/lib/*.[chS]
    guestos/common/include/common/abi.h)
small=(guestos/mini/kernel/{sbi,fdt}.c guestos/common/lib/{string,format}.c)

printf '/* Made by scripts/trusted_lines.sh. */\n'
define MONOLITHIC "${mini[@]}"
define MICRO guestos/micro/kernel/*.[chS] guestos/micro/include/micro/{abi.h,calls.def} "${small[@]}"
define EXO guestos/exo/kernel/*.[chS] guestos/exo/include/exo/* guestos/mini/kernel/boot.S "${small[@]}"
define CONTAINER "${mini[@]}" guestos/mini/{box,linux}/*.[ch]
define VM vmm/*.[ch] vmm/*.def vmm/board/*.[ch] isa/*.[ch] isa/*.def
