# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Shared by the style tests: which files there are, and the rule that a checker must show that
# it can fail. Each test defines `check <file>...` (run at the top of a tree; prints one line
# for each fault, nothing when all is well), proves it with must_complain, then calls
# check_tree with the patterns of the files to look at.

set -euo pipefail
SRC=${SRC:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
SCRATCH=$(mktemp -d)
trap 'rm -rf "$SCRATCH"' EXIT

# need <command...>: skipped where one of them is missing
need() {
    local command
    for command in "$@"; do
        if ! command -v "$command" >/dev/null; then
            echo "skipped: no $command"
            exit 77
        fi
    done
}

# list_files <pattern>...: the tree's own files (no build output), newline separated
list_files() {
    cd "$SRC"
    if [[ -e .git ]] && git ls-files >/dev/null 2>&1; then
        git ls-files --cached --others --exclude-standard -- "$@" | while read -r file; do
            [[ ! -f $file ]] || printf '%s\n' "$file"
        done
    else
        local pattern match=()
        for pattern in "$@"; do
            match+=(-o -path "./$pattern")
        done
        find . -path ./build -prune -o -path './.git' -prune -o -type f \
            \( "${match[@]:1}" \) -print | sed 's,^\./,,'
    fi | LC_ALL=C sort -u
}

# plant <file>: writes a sample from standard input
plant() {
    mkdir -p "$SCRATCH/$(dirname "$1")"
    cat >"$SCRATCH/$1"
}

# must_complain <fault> <file>...: the check names that fault (a regular expression) with these
# planted files
must_complain() {
    local fault=$1 faults
    shift
    faults=$(cd "$SCRATCH" && check "$@" 2>&1) || true
    if ! grep -qE "$fault" <<<"$faults"; then
        echo "self-check: '$fault' went unnoticed in $*; found instead: $faults"
        exit 1
    fi
}

# must_pass <what> <file>...: the check finds no fault with these planted files
must_pass() {
    local what=$1 faults
    shift
    faults=$(cd "$SCRATCH" && check "$@" 2>&1) || true
    if [[ -n $faults ]]; then
        echo "self-check: $what was blamed: $faults"
        exit 1
    fi
}

# check_tree <pattern>...: checks the tree itself; the test's verdict
check_tree() {
    local files faults
    mapfile -t files < <(list_files "$@")
    if ((${#files[@]} == 0)); then
        echo "skipped: no such files yet"
        exit 77
    fi
    faults=$(cd "$SRC" && check "${files[@]}" 2>&1) || true
    if [[ -n $faults ]]; then
        printf '%s\n' "$faults"
        exit 1
    fi
    echo "${#files[@]} files checked"
}
