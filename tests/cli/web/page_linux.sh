#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Linux, as scripts/linux.sh builds it, comes to its shell in the page (tests/web/linux.mjs). Skipped where it has
# not been built.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
source "$(dirname "${BASH_SOURCE[0]}")/page.bash"

linux=${PZ_LINUX:-$SRC/build/linux}
[[ -r $linux/Image && -r $linux/initrd.gz ]] || skip 'Linux is not built (scripts/linux.sh)'
need_page
[[ -e $BUILD/web/pz.js ]] || skip "the machine is not built for WebAssembly"
browse linux.mjs "$BUILD/web" "$linux/Image" "$linux/initrd.gz"
finish
