# SPDX-License-Identifier: GPL-2.0-or-later
# For tests of an installed pz; sourced after common.bash.

# hidden <command...>: run where neither the source tree nor the build can be seen, if the host
# lets us (a mount namespace of our own); in / and without the variables that name folders.
hidden() {
    local words=(env -u PZ_GUESTS -u PZ_HOME -u LD_LIBRARY_PATH -C / "$@")
    local space=(unshare -m)
    "${space[@]}" true 2>/dev/null || space=(unshare -rm)
    if "${space[@]}" true 2>/dev/null; then
        # shellcheck disable=SC2016
        "${space[@]}" sh -c 'for tree in "$0" "$1"; do mount -t tmpfs none "$tree" 2>/dev/null; done
            shift; exec "$@"' "$SRC" "$BUILD" "${words[@]}"
    else
        "${words[@]}"
    fi
}

# away <exit code> <pz> <words>...: as run of common.bash, but hidden
away() {
    local expected=$1 code=0
    shift
    hidden timeout "$PATIENCE" "$@" >out 2>err </dev/null || code=$?
    ((code == expected)) || fail "$*: exit code $code, not $expected"
}

# demo <command before pz...>: what demo.sh shows
demo() {
    local code=0
    "$@" run --append "usertests; primes" --stats >out 2>err </dev/null || code=$?
    ((code == 0)) || fail "the demo ends with $code"
    (($(grep -c 'usertests: [0-9]* passed, 0 failed' out) == 2)) || fail "the demo's tests"
    (($(grep -c 'primes: 1862 below 16001' out) == 2)) || fail "the demo's primes"
    "$@" map >out 2>err </dev/null || fail "pz map"
    in_file out 'Who has page 0?'
}
