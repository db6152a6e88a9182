#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The page alone grades exercises without a part, as pz grade does: each answer of tests/solutions gets the
# points, and fails the checks, of its table (cli/grade_solutions), but of 16 to 18, which run longest, two;
# of one wrong answer to each other exercise all that is said is the same, word for word. A failed check opens at its replay. Exercises in C
# are refused, and so is what does not assemble.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need node
need python3
need clang
need_guest
[[ -e $BUILD/web/pz.js ]] || skip "pz.wasm is not built (no library for WASI?)"
export NO_COLOR=1 PYTHONDONTWRITEBYTECODE=1 TMPDIR=$PWD/tmp
mkdir tmp

grade() {
    python3 "$SRC/tests/web/grade.py" "$@"
}

worker() {
    timeout "$PATIENCE" node "$SRC/tests/web/session.mjs" "$BUILD"/web/{pz,course}.js
}

grade write "$SRC" >requests
worker <requests >answers || fail "the Worker"
[[ $(wc -l <answers) == $(wc -l <requests) ]] || fail "a request has no answer"
grade check "$SRC" answers >out 2>err || fail "not graded as expected"

grade native "$SRC" >requests
timeout "$PATIENCE" "$PZ" web --stdio <requests >answers || fail "the native session"
grade plain answers >native.plain
worker <requests >answers || fail "the Worker"
grade plain answers >wasm.plain
[[ -s native.plain ]] || fail "nothing was graded"
cmp native.plain wasm.plain || fail "pz.wasm says something else than pz"
finish
