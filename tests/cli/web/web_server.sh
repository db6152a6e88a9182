#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz web as a server: who gets the page and a session, and who is refused: wrong tokens, hosts, origins and
# paths, frames that are too long or binary. Two pages at once do not disturb each other.
# Nothing is left when it ends, and when it is killed, nothing runs on.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
"$PZ" doctor --json | grep -A1 '"libwebsockets"' | grep -q '"found": true' ||
    skip "pz was built without libwebsockets"
export PYTHONDONTWRITEBYTECODE=1 TMPDIR=$PWD/tmp
mkdir tmp

timeout "$PATIENCE" python3 "$SRC/tests/cli/web/server.py" >out 2>err || fail "the server"
! grep -qE 'Sanitizer|runtime error:' err || fail "a sanitizer complains"
[[ -z $(ls -A tmp) ]] || fail "left behind: $(ls -A tmp)"
run 2 web --port 70000
run 2 web --stdio --port 1
finish
