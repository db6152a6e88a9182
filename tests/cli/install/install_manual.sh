#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Manual pages: one for pz and one for each command, with every option of its help, and nothing
# in them that a formatter complains of.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"

lint() { :; }
if command -v mandoc >/dev/null; then
    lint() { mandoc -Tlint -Wwarning "$1" | grep -v 'missing date'; }
elif command -v groff >/dev/null; then
    lint() { groff -man -ww -z "$1" 2>&1; }
else
    skip "neither mandoc nor groff"
fi

run 0 help
verbs=$(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' out)
run 0 help --man
cp out pz.1
for verb in $verbs; do
    in_file pz.1 "\\fBpz $verb\\fR"
    in_file pz.1 ".BR pz\\-$verb (1)"
    run 0 help --man "$verb"
    cp out "pz-$verb.1"
    run 0 help "$verb"
    while read -r option; do
        in_file "pz-$verb.1" "\\fB${option//-/\\-}\\fR"
    done < <(grep -oE '^  --[a-z-]+' out)
    # Examples come out as they have to be typed.
    if command -v groff >/dev/null; then
        groff -man -Tascii -rLL=200n "pz-$verb.1" 2>/dev/null | sed 's/\x1b\[[0-9;]*m//g; s/.\x08//g' >page
        sed -n '/^Examples:/,/^Exit/s/^  \(pz .*\)/\1/p' out >examples
        [[ -s examples ]] || fail "pz $verb: no examples"
        while IFS= read -r line; do in_file page "$line"; done <examples
    fi
done
for page in *.1; do
    [[ -z $(lint "$page") ]] || fail "$page: $(lint "$page" | head -n 3)"
done

# The formatter does find what is wrong.
printf '.TH X 1\n.SH NAME\n.nonsense\n' >wrong.1
[[ -n $(lint wrong.1) ]] || fail "a wrong page passes"
run 2 help --man nothing
finish
