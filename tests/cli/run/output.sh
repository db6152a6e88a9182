#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Output that cannot be written is told (exit code 3); a reader that goes away is not an error.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
[[ -w /dev/full ]] || skip "no /dev/full"

# full <words of pz>...: standard output is a full disk
full() {
    local code=0
    timeout "$PATIENCE" "$PZ" "$@" >/dev/full 2>err </dev/null || code=$?
    ((code == 3)) || fail "pz $* on a full disk: exit code $code"
    in_file err 'standard output: No space left on device'
}

for verb in run bare map; do
    full "$verb" --append ls
    full "$verb" --append ls --json
done
full help
full run --help
full version
full verify --append ls
full run --append ls --record r.pzr
run 0 run --append ls --trace t.bin --record r.pzr
echo 'trap 10' >points
for words in doctor 'verify --append ls' 'replay r.pzr' 'debug --batch -x points' \
    'classify --only wfi' 'classify --witness sret/control-1' 'grade --list' 'run --variant list'; do
    # shellcheck disable=SC2086 # words
    full $words && full $words --json
done
full trace t.bin
if "$PZ" doctor | grep -qE '^engine +jit +found'; then
    full translate
    full translate --json
fi
full run --append ls
grep -q '^vm0 .*instructions' err || fail "no summary when standard output fails"

code=0
"$PZ" run --append ls >&- 2>err </dev/null || code=$?
((code == 3)) || fail "standard output closed: exit code $code"
in_file err 'standard output'

# A file opened by pz must not become its standard output.
code=0
"$PZ" run --append ls --trace closed.jsonl >&- 2>err </dev/null || code=$?
((code == 3)) || fail "standard output closed, with a trace: exit code $code"
not_in_file closed.jsonl 'mini:'

# Enough output to fill a pipe whose reader has gone.
printf 'cat readme\n%.0s' {1..300} >script
timeout "$PATIENCE" "$PZ" run --input script 2>err </dev/null | head -n 1 >out
[[ ${PIPESTATUS[0]} == 141 ]] || fail "reader gone: status ${PIPESTATUS[0]}, not SIGPIPE's"
in_file out '[vm'
not_in_file err 'pz:'
timeout "$PATIENCE" "$PZ" run --json --append ls 2>err </dev/null | head -c 10 >out
not_in_file err 'pz:'

# A result that is shorter than what the file held replaces all of it.
for words in 'run --append ls --trace' 'run --append ls --record' 'run --append ls --profile' 'image -o' \
    'map --svg' 'trace t.bin --to-json' 'trace t.bin --vm 1 --svg'; do
    rm -f fresh
    # shellcheck disable=SC2086 # words
    run 0 $words fresh
    head -c 3000000 /dev/zero >long
    # shellcheck disable=SC2086 # words
    run 0 $words long
    (($(wc -c <fresh) == $(wc -c <long))) || fail "pz $words: what the file held stands behind the result"
done

run 3 run --append ls --trace /dev/full
in_file err '--trace: /dev/full: could not be written in full: No space left on device'
in_file out '[vm0] mini:'
# Every option that names a file says so in the same words.
printf '_start: j _start\n' >hello.S
for words in 'run --append ls --record' 'run --append ls --profile' 'trace t.bin --to-json' \
    'classify --witness sret/control-1 --elf' 'image -o' 'asm hello.S -o'; do
    # shellcheck disable=SC2086 # words
    run 3 $words /dev/full
    in_file err "${words##* }: /dev/full: could not be written in full: No space left on device"
    # shellcheck disable=SC2086 # words
    run 3 $words no/such
    in_file err "${words##* }: no/such: cannot be written: No such file or directory"
    [[ ! -s out ]] || fail "pz $words no/such: runs before it looks"
done
# A limit on the size of files (ulimit -f) does not end pz without a word.
code=0
(
    ulimit -f 8
    timeout "$PATIENCE" "$PZ" run --append ls --trace limited.jsonl >/dev/null 2>err </dev/null
) || code=$?
((code == 3)) || fail "a limit on files: exit code $code"
in_file err '--trace: limited.jsonl: could not be written in full: File too large'

run 3 bench --quick --svg no/such
in_file err '--svg: no/such: cannot be written: No such file or directory'
[[ ! -s out ]] || fail "bench measures before it looks at --svg"

run 3 run --append ls --trace "$PWD/no/such"
in_file err '--trace:'
in_file err 'cannot be written: No such file'
finish
