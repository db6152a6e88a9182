#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds and runs all tests: release, debug (sanitizers), and a clang build that must compile
# without a warning and whose engines keep the contract on the system's own Unicorn. What runs in
# which of them, and what is slow, is in tests/plan.txt.
# Installs what is missing first (scripts/setup.sh).
#
#   ./test.sh [ctest arguments]     for instance: ./test.sh -L quick, ./test.sh -R unit/ -V
#   CI=true ./test.sh               a test may skip itself only where tests/skips.txt says so
#
# The last line is "N passed, N failed" over all runs; ends with 0 only if none failed and
# some passed.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 3
# shellcheck source=scripts/setup.sh
source scripts/setup.sh

built=0 unbuilt=0 runs=()
# One more than there are CPUs: some tests mostly wait.
jobs=$(($(nproc) + 1))

# build <preset> [cmake arguments]: a build that fails counts as a failed test
build() {
    echo "== $1: build"
    setup_build "$@" && return 0
    unbuilt=$((unbuilt + 1))
    return 1
}

# run <preset> [ctest arguments]
run() {
    local preset=$1 result=$PWD/build/$1/ctest.xml
    shift
    echo "== $preset: test"
    rm -f "$result"
    ctest --preset "$preset" -j "$jobs" --output-junit "$result" "$@"
    runs+=("$preset:$?:$result")
}

# What fuzz/fuzz compiles for itself: it finds that in ccache then. It fails if this does.
prepare_fuzz() {
    BUILD=$PWD/build/release SRC=$PWD tests/fuzz/fuzz.sh build >>build/release.log 2>&1 || true
}

setup_for_test

build release && { (($#)) || prepare_fuzz; } && run release --no-tests=ignore -LE not-in-release "$@"
build debug && run debug --no-tests=ignore -LE not-in-debug "$@"

# The oldest Unicorn supported is the system's: this build keeps that working as well.
clang_options=(-DPZ_UNICORN=auto)
if pkg-config --exists 'unicorn >= 2.0.0'; then
    clang_options=(-DPZ_UNICORN=system)
fi
if build clang "${clang_options[@]}"; then
    built=$((built + 1))
    run clang --no-tests=ignore -L in-clang "$@"
fi

words=(--built "$built" --unbuilt "$unbuilt")
[[ ${CI:-} != true ]] || words+=(--ci)
python3 scripts/results.py "${words[@]}" "${runs[@]}"
