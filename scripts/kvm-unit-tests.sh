#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Runs kvm-unit-tests for riscv32 that were built elsewhere, each bare and in a VM:
#
#   ./configure --arch=riscv32 --cross-prefix=... && make        in kvm-unit-tests
#   scripts/kvm-unit-tests.sh DIR [NAME]...
#
# DIR is the folder with selftest.flat and sbi.flat: its riscv/. NAME: which of its tests. PZ names the pz to
# use, build/release/bin/pz by default. What each prints is in DIR/NAME.bare.log and NAME.run.log. Exits
# with 1 if a test fails.
set -euo pipefail

say() { printf 'kvm-unit-tests: %s\n' "$*" >&2; }

if [[ $# -eq 0 || $1 == -* || ! -d $1 ]]; then
    say "DIR [NAME]...: the folder with the built tests, and which: selftest and sbi by default"
    exit 2
fi
dir=$1
shift
[[ $# -gt 0 ]] || set -- selftest sbi
pz=${PZ:-$(dirname "${BASH_SOURCE[0]}")/../build/release/bin/pz}
environ=$(mktemp)
trap 'rm -f "$environ"' EXIT

# What this machine is, which the tests compare with what they find; of selftest only the first three.
cat >"$environ" <<'END'
FOO=foo
BAR=bar
BAZ=baz
SBI_SPEC_VERSION=0x2000000
SBI_IMPL_ID=0x505a
SBI_IMPL_VERSION=1
MVENDORID=0
MARCHID=0
MIMPID=0
INVALID_ADDR_AUTO=1
END

# Status 1 is their exit(0). A test that hangs is ended by its instructions.
one() {
    local verb=$1 name=$2 log=$dir/$2.$1.log
    "$pz" "$verb" --machine virt --cpus 4 --max-insns 20G --append 'foo bar baz' --initrd "$environ" \
        "$dir/$name.flat" </dev/null >"$log" 2>&1 || true
    grep -E '^(FAIL|XPASS)|^SUMMARY' "$log" || true
    grep -q 'EXIT: STATUS=1[[:space:]]*$' "$log"
}

failed=0
for name; do
    if [[ ! -r $dir/$name.flat ]]; then
        say "$dir/$name.flat: not there; it is built by make in kvm-unit-tests, configured with --arch=riscv32"
        exit 2
    fi
    for verb in bare run; do
        if one "$verb" "$name"; then
            say "$name, $verb: passed"
        else
            say "$name, $verb: failed; see $dir/$name.$verb.log"
            failed=1
        fi
    done
done
exit "$failed"
