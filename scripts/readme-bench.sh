#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Measures, and puts the result into the README: all between the markers of "pz bench".
#
#   scripts/readme-bench.sh [pz]      build/release/bin/pz by default
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/.."

pz=${1:-build/release/bin/pz}
words=(bench --only "compute,system,syscall,csr,fill" --engines jit --policies lazy --runs 5)
begin='<!-- pz bench: begin -->' end='<!-- pz bench: end -->'
new=$(mktemp)
trap 'rm -f "$new"' EXIT

if ! grep -qF "$begin" README.md || ! grep -qF "$end" README.md; then
    echo "README.md: the markers are missing: $begin, $end" >&2
    exit 1
fi
# shellcheck source=/dev/null
system=$(. /etc/os-release && echo "$PRETTY_NAME")
qemu=$(qemu-system-riscv32 --version 2>/dev/null | sed -n 's/^QEMU emulator version \([^ ]*\).*/QEMU \1/p')
{
    sed "/$begin/q" README.md
    echo "\`pz ${words[*]}\` on $(date -u +%F), on $(nproc) CPUs, $(uname -m) ($system, ${qemu:-no QEMU}):"
    echo
    "$pz" "${words[@]}" --markdown
    sed -n "/$end/,\$p" README.md
} >"$new"
cp "$new" README.md
