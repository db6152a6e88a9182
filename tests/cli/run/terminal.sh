#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# A session at a terminal (a pseudo-terminal, driven by terminal.py): keys, Ctrl-A commands, and
# the terminal left as it was found however the session ends.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

python3 "$SRC/tests/cli/run/terminal.py" "$PZ" >out 2>err || fail "terminal.py"
finish
