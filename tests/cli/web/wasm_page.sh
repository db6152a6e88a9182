#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The lab's page without a server: opened from file:// in Chromium, it runs pz.wasm in its Worker. What a browser
# has to load is below a megabyte when compressed.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need node
need chromium
export PZ_NPM=${PZ_NPM:-$SRC/build/deps/npm} PZ PZ_CHROMIUM TMPDIR=$PWD
PZ_CHROMIUM=$(command -v chromium)
[[ -e $PZ_NPM/node_modules/playwright-core ]] || skip "no packages for the page's tests (scripts/npm)"
[[ -e $BUILD/web/pz.js && -e $BUILD/web/page.js ]] || skip "the page or pz.wasm is not built"

size=$(cat "$BUILD"/web/{index.html,page.css,page.js,pz.js} | gzip -9c | wc -c)
((size < 1000000)) || fail "the page has $size bytes when compressed"
timeout "$PATIENCE" node "$SRC/tests/web/inside.mjs" "$BUILD/web" >out 2>err || fail "the page from file://"
in_file out 'the page from file:// is at a trap'
finish
