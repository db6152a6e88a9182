#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Builds pz and shows it at work: guest kernels under the monitor, and what it cost them.
# Installs what is missing first (scripts/setup.sh).
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

setup_for_build
echo "Building (build/release.log)" >&2
SETUP_TARGETS="pz guests" setup_build release || exit 3
demo
