#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The session protocol of pz web (docs/web.md) on standard input and output: a run forwards and back, each
# view, files, verbs; then requests of the wrong kind by the hundred, each of which is refused.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
export PYTHONDONTWRITEBYTECODE=1 TMPDIR=$PWD/tmp
mkdir tmp

timeout "$PATIENCE" python3 "$SRC/tests/cli/web/stdio.py" >out 2>err || fail "the session"
! grep -qE 'Sanitizer|runtime error:' err || fail "a sanitizer complains"
[[ -z $(ls -A tmp) ]] || fail "left behind: $(ls -A tmp)"
finish
