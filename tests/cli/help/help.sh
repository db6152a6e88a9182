#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Every command explains itself: usage, options, examples, exit codes.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"

run 0 help
verbs=$(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' out)
(($(wc -w <<<"$verbs") > 12)) || fail "too few commands in pz help"
for verb in $verbs; do
    in_file out "  $verb "
done
cp out overview
run 0 --help
cmp -s out overview || fail "pz --help is not pz help"

run 2
in_file err 'Usage: pz'
[[ ! -s out ]] || fail "pz without words prints on stdout"

for verb in $verbs; do
    run 0 "$verb" --help
    for text in "Usage: pz $verb" 'Options:' '--help' 'Examples:' "  pz $verb" 'Exit codes:'; do
        [[ $verb == help && $text == "  pz help" ]] || in_file out "$text"
    done
    cp out "$verb.txt"
    run 0 help "$verb"
    cmp -s out "$verb.txt" || fail "pz help $verb is not pz $verb --help"
    run 0 "$verb" -h
    ! sed '/^Examples:/,$d' out | grep -E '.{97}' || fail "pz $verb --help: a line is too long"
done

# The examples are command lines that pz accepts: with --help added, none is refused.
while read -r line; do
    line=${line%%   *}
    read -ra words <<<"${line//\'/}"
    run 0 "${words[@]:1}" --help
done < <(sed -n '/^Examples:/,/^Exit/s/^  \(pz [a-z].*\)/\1/p' -- *.txt | sed 's/ &&.*//; s/ | .*//')

run 0 version
grep -qE '^pz [0-9]+\.[0-9]+\.[0-9]+( \([0-9a-z.-]+\))?$' out || fail "pz version is not 'pz X.Y.Z (REVISION)'"
run 0 --version
finish
