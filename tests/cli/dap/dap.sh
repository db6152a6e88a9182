#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz dap with a scripted client: traps are stepped back and forth, and all that an editor asks for.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
export PYTHONDONTWRITEBYTECODE=1

run 0 run --vms 1 --append ls --record ls.pzr
timeout "$PATIENCE" python3 "$SRC/tests/cli/dap/session.py" >out 2>err || fail "the session"
finish
