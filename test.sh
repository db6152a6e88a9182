#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds and runs all tests: release, debug (sanitizers), and a clang build that must compile
# without a warning and whose engines keep the contract on the system's own Unicorn.
# Installs what is missing first (scripts/setup.sh).
#
#   ./test.sh [ctest arguments]     for instance: ./test.sh -R unit/ -V
#
# The last line is "N passed, N failed" over all runs; ends with 0 only if none failed and
# some passed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 3
# shellcheck source=scripts/setup.sh
source scripts/setup.sh

passed=0 failed=0 skipped=0

# lines <text> <file>: how many lines of the file hold it
lines() { grep -cF "$1" "$2" 2>/dev/null || true; }

# count <ctest's exit status> <JUnit file>: adds a run to the totals. What neither passed nor
# skipped itself (77) has failed, a test without its program too; so has a run that broke off.
count() {
    local all ok skip bad
    all=$(lines '<testcase ' "$2")
    ok=$(lines ' status="run"' "$2")
    skip=$(lines '<skipped message="SKIP_' "$2")
    bad=$((all - ok - skip))
    (($1 == 0 || bad > 0)) || bad=1
    passed=$((passed + ok))
    failed=$((failed + bad))
    skipped=$((skipped + skip))
}

# build <preset> [cmake arguments]: a build that fails counts as a failed test
build() {
    echo "== $1: build"
    setup_build "$@" && return 0
    failed=$((failed + 1))
    return 1
}

# run <preset> [ctest arguments]
run() {
    local preset=$1 result=$PWD/build/$1/ctest.xml
    shift
    echo "== $preset: test"
    rm -f "$result"
    ctest --preset "$preset" --output-junit "$result" "$@"
    count $? "$result"
}

setup_for_test

build release && run release "$@"
build debug && run debug "$@"

# The oldest Unicorn supported is the system's: this build keeps that working as well.
clang_options=(-DPZ_UNICORN=auto)
if pkg-config --exists 'unicorn >= 2.0.0'; then
    clang_options=(-DPZ_UNICORN=system)
fi
if build clang "${clang_options[@]}"; then
    passed=$((passed + 1))
    run clang --no-tests=ignore -R 'agree/test_(agree|equivalence)|unit/test_engine' "$@"
fi

((skipped == 0)) || echo "($skipped skipped)"
echo "$passed passed, $failed failed"
((failed == 0 && passed > 0))
