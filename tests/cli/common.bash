# SPDX-License-Identifier: GPL-2.0-or-later
# What all command-line tests share; sourced. PZ is the program, BUILD its build directory, SRC
# the source tree. Each test runs in a directory of its own, which is removed afterwards.
set -uo pipefail

: "${PZ:?}" "${BUILD:?}" "${SRC:?}"
failures=0
# Seconds, for what hangs: no machine is so slow. The verdict of a test depends on no time.
PATIENCE=600
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 3

# The interpreter itself, where python3 is a script that looks for it: that takes longer than most
# of what it is called for. (By PATH: what runs in the background is to be the interpreter, and not a
# shell that waits for it.)
if [[ -x ${PZ_PYTHON:-} && ${PZ_PYTHON##*/} == python3 ]]; then
    PATH=${PZ_PYTHON%/*}:$PATH
fi

skip() {
    echo "skipped: $*"
    exit 77
}

need() {
    command -v "$1" >/dev/null || skip "no $1"
}

need_guest() {
    [[ -r ${PZ_GUESTS:-$BUILD/guests}/mini.elf ]] || skip "the mini guest is not built"
}

# Whether pz has the sanitizers: a command that ran under them need not run again.
is_debug() {
    grep -q '^CMAKE_BUILD_TYPE:STRING=Debug' "$BUILD/CMakeCache.txt"
}

fail() {
    echo "FAILED: $*"
    sed 's/^/    out: /' out 2>/dev/null | head -n 20
    sed 's/^/    err: /' err 2>/dev/null | head -n 20
    failures=$((failures + 1))
}

# run <exit code> <words of pz>...: its output is in the files out and err
run() {
    local expected=$1 code=0
    shift
    timeout "$PATIENCE" "$PZ" "$@" >out 2>err </dev/null || code=$?
    ((code == expected)) || fail "pz $*: exit code $code, not $expected"
    ! grep -qE 'Sanitizer|runtime error:' err || fail "pz $*: a sanitizer complains"
}

# in_file <file> <text>: the file has the text, word for word
in_file() {
    grep -qF -- "$2" "$1" || fail "$1 has no '$2'"
}

not_in_file() {
    ! grep -qF -- "$2" "$1" || fail "$1 has '$2'"
}

# json <file> <Python expression on d>: the file is JSON, and the expression is true of it
json() {
    python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
sys.exit(0 if eval(sys.argv[2]) else 1)' "$1" "$2" || fail "$1: not so: $2"
}

# is_running <process>: and is not only waited for
is_running() {
    kill -0 "$1" 2>/dev/null && ! grep -qs '^State:.Z' "/proc/$1/status"
}

# until_so <command>...: waits until it holds
until_so() {
    until_by $$ "$@"
}

# until_by <process> <command>...: the same, of what that process brings about: it fails at once if
# the process has ended without
until_by() {
    local process=$1 end=$((SECONDS + PATIENCE))
    shift
    until "$@"; do
        # Asked again, for what it has done as its last act.
        is_running "$process" || "$@" || { fail "process $process has ended, and this never came: $*"; return 1; }
        ((SECONDS < end)) || { fail "never came: $*"; return 1; }
        sleep 0.05
    done
}

finish() {
    if ((failures)); then
        echo "$failures failed"
        exit 1
    fi
    exit 0
}
