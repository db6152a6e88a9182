#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab's page from file://, with the machine in a Worker of the page (tests/web/worker.mjs).
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
source "$(dirname "${BASH_SOURCE[0]}")/page.bash"

need_page
[[ -e $BUILD/web/pz.js ]] || skip "the machine is not built for WebAssembly"
browse worker.mjs "$BUILD/web"
finish
