#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The bills in docs/techniques.md are what pz compare says, all but the times: of mini, of the
# programs of pz bench, and of Linux if it is the one of the document. To renew them:
#   scripts/techniques.py <build>/bin/pz
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need python3
"$PZ" translate --count 1 >out 2>err || skip "the engine jit is not there"

"$SRC/scripts/techniques.py" --check "$PZ" >out 2>err || {
    head -n 40 out err
    fail "docs/techniques.md is not what pz compare says (scripts/techniques.py)"
}
in_file out "the same: mini, bench"
finish
