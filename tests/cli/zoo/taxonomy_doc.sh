#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# docs/taxonomy.md is what docs/taxonomy.md.in, the table and the runs make: every kind of machine
# runs here. To renew it:
#   tests/tools/taxonomy.py <build>/bin/pz <docs/taxonomy.md.in >docs/taxonomy.md
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need python3
guests=${PZ_GUESTS:-$BUILD/guests}
[[ -r $guests/hll/sieve.wasm ]] || skip "there are no modules: no wasm-ld"
"$PZ" translate --count 1 >out 2>err || skip "the engine jit is not there"
"$PZ" run --vms 1 --engine unicorn --append ls >out 2>err </dev/null || skip "the engine unicorn is not there"

python3 "$SRC/tests/tools/taxonomy.py" "$PZ" <"$SRC/docs/taxonomy.md.in" >made 2>err || fail "pz says nothing"
! grep -q '^@' made || fail "a table is missing: markers in docs/taxonomy.md.in"
for term in monolithic microkernel exokernel container process-vm os-translating high-level-language \
    system-vm whole-system-vm co-designed; do
    in_file made "- **$term**: "
done
diff -u "$SRC/docs/taxonomy.md" made >differ || {
    head -n 40 differ
    fail "docs/taxonomy.md is not what pz says"
}
finish
