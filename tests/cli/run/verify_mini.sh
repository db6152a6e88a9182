#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# All of the mini guest's usertests, trap by trap the same as bare on `spec`, under each technique.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest

run 0 verify --engine jit --monitor all --append usertests
for how in 'shadow lazy' 'hybrid, shadow lazy' 'assist, no shadow' 'para, shadow lazy' 'translate, shadow lazy'; do
    (($(grep -c "^same *jit, $how, .* 28,[0-9,]* instructions" out) == 1)) || fail "usertests: not once the same, $how"
done
in_file out '5 the same, 0 different'
