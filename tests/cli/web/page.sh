#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab's page in the system's Chromium, with a session of `pz web --stdio` behind it (tests/web/page.mjs):
# every view in two widths and themes with axe-core and a picture, by keyboard alone, links and hostile ones,
# files that are dropped, and a guest that loops; and, where it is built, with the server itself.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
source "$(dirname "${BASH_SOURCE[0]}")/page.bash"

need_guest
need_page
! "$PZ" doctor --json | grep -A1 '"libwebsockets"' | grep -q '"found": true' || export PZ_SERVER=yes
browse page.mjs "$BUILD/web" "$SRC/tests/golden/web"
finish
