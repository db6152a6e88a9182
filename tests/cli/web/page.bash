# SPDX-License-Identifier: GPL-2.0-or-later
# What the tests of the lab's page share: is what they need there, and running a script of tests/web/.

PZ_NPM=$SRC/build/deps/npm

# The page is built, and there is a browser to look at it with.
need_page() {
    need node
    [[ -e $BUILD/web/page.js ]] || skip "the page is not built: npm's packages are not there"
    [[ -e $PZ_NPM/node_modules/playwright-core && -e $PZ_NPM/node_modules/axe-core ]] ||
        skip "no playwright-core"
    PZ_CHROMIUM=$(type -P chromium) || skip "no chromium"
}

# browse <script> <words>...: its lines are the checks; those that fail are shown
browse() {
    local script=$1
    shift
    env PZ="$PZ" PZ_NPM="$PZ_NPM" PZ_CHROMIUM="$PZ_CHROMIUM" PZ_HOME="$SRC" HOME="$PWD" timeout "$PATIENCE" \
        node "$SRC/tests/web/$script" "$@" >out 2>err || fail "$script"
    cat out
}
