#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds pz and shows it at work: guest kernels under the monitor, and what it cost them.
# Installs what is missing first (scripts/setup.sh).
#
#   ./demo.sh --web     gets what the lab's page is made of as well, once, and builds it: some minutes
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
# shellcheck source=scripts/setup.sh
source scripts/setup.sh

pz=build/release/bin/pz

# show <command...>: prints the command as one would type it, then runs it
show() {
    local word line='$'
    for word in "$@"; do
        case $word in
        "$pz") line+=" pz" ;;
        *[!A-Za-z0-9_./=:,+-]*) line+=" \"$word\"" ;;
        *) line+=" $word" ;;
        esac
    done
    printf '%s\n' "$line"
    "$@"
    echo
}

# What the demonstration shows: these command lines and nothing else.
demo() {
    show "$pz" run --append "usertests; primes" --stats
    show "$pz" map
}

# The lab's page, in those ways in which it can be opened here: as it is, with the machine in it, or with this
# host behind it, for which pz has to be built with libwebsockets.
name_page() {
    local ways=()
    if [[ -e build/release/web/index.html ]]; then
        [[ ! -e build/release/web/pz.js ]] || ways+=("open file://$PWD/build/release/web/index.html")
        ! "$pz" doctor --json | grep -A1 '"libwebsockets"' | grep -q '"found": true' || ways+=("run $pz web")
    fi
    case ${#ways[@]} in
    2) echo "The lab in a browser: ${ways[0]}, or ${ways[1]}" >&2 ;;
    1) echo "The lab in a browser: ${ways[0]}" >&2 ;;
    0) echo "The lab in a browser: it is not built" >&2 ;;
    esac
    [[ -e build/release/web/pz.js ]] ||
        echo "To have its page without a server: ./demo.sh --web gets what that is made of, and builds it" >&2
}

web=no
case $* in
'') ;;
--web) web=yes ;;
*)
    echo "usage: ./demo.sh [--web]" >&2
    exit 2
    ;;
esac
setup_for_build
[[ $web == no ]] || setup_for_web
echo "Building (build/release.log)" >&2
SETUP_TARGETS="pz guests lab" setup_build release || exit 3
demo
name_page
