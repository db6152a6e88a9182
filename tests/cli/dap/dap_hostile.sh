#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz dap with what no editor sends: broken headers, lengths beyond all bounds, what is no JSON,
# requests at the wrong time with arguments of the wrong kind, random ones by the thousand. Each is
# answered or refused, and no message that comes back is ill-formed.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
export PYTHONDONTWRITEBYTECODE=1

timeout "$PATIENCE" python3 "$SRC/tests/cli/dap/hostile.py" >out 2>err || fail "hostile packets"
! grep -qE 'Sanitizer|runtime error:' err || fail "a sanitizer complains"
finish
