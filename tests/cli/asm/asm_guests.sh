#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz asm makes of every micro-guest and every assembly exercise the very bytes that clang and lld make of
# it, at the same addresses, with the same entry. Guests with compressed instructions are refused.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
export PYTHONDONTWRITEBYTECODE=1

timeout "$PATIENCE" python3 "$SRC/tests/cli/asm/guests.py" >out 2>err || fail "the guests"
finish
