#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# `pz tutorial`: all of it with the right answers, which are taken from the commands themselves;
# wrong answers, wrong commands, skipping, leaving, an input that ends.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need python3

# ask <pz words> <Python expression over the document d>
ask() {
    # shellcheck disable=SC2086 # several words
    "$PZ" $1 --json 2>/dev/null | python3 -c "import json, sys; d = json.load(sys.stdin); print($2)"
}

# tutorial <exit code> <lines>: each line of the text is one that the user types
tutorial() {
    local code=0
    printf '%s\n' "$2" | timeout "$PATIENCE" "$PZ" tutorial "${@:3}" >out 2>err || code=$?
    ((code == $1)) || fail "exit code $code, not $1: $(tail -3 out)"
}

page0=$(ask "map --append primes" 'hex(d["vms"][1]["kernel_page0"]["mpa"])')
csr=$(ask "run --append primes --stats" \
    'max(d["vms"][0]["exits"]["csr"].items(), key=lambda item: item[1]["count"])[0]')
traps=$(ask "verify --append primes" 'd["runs"][0]["traps"]')
printf 'catch csr satp\ncontinue\nprint satp\n' >satp.pz
satp=$("$PZ" debug --append primes -x satp.pz --batch | grep -oE '0x[0-9a-f]+' | tail -1)

# The steps in order: Enter, then the answer.
right=("" 0 "" "$page0" "" "$csr" "" "$traps" "" no "" "$satp" "" 8 "" "" sstatus "" yes)
steps=$(grep -c '\.title =' "$SRC/tools/tutorial/steps.c")
tutorial 0 "$(printf '%s\n' "${right[@]}")"
in_file out "Done: $steps steps, 0 skipped, 0 answers shown."
(($(grep -c '^Right\.$' out) == $(grep -c '\.question =' "$SRC/tools/tutorial/steps.c"))) ||
    fail "an answer was not taken"

# A wrong answer gets a hint, the third the right answer; the user need not type the suggested command.
tutorial 0 "$(printf '%s\n' "version" "run --append primes" 1 2 3 s s s s s s s s s s)"
in_file out "Both machines should have printed"
in_file out "Subtract one number from the other."
in_file out "It is 0."
in_file out "1 answers shown."

# Nothing typed here is ever given to a shell.
# shellcheck disable=SC2016 # not expanded: that is the point
tutorial 0 "$(printf '%s\n' 'run $(touch owned)' 'run; touch owned' '`touch owned`' 'run > owned' q)"
[[ ! -e owned ]] || fail "a shell ran what was typed"

# Starting in the middle; a debugger step typed wrongly; the end of the input.
tutorial 0 "$(printf '%s\n' "regs" "nonsense" "trap" "why" no q)" --step 5
in_file out "== 5 of $steps"
in_file out "Type trap, then why"
in_file out "pz tutorial --step 6 resumes there"
tutorial 1 "" --step 2
in_file err "the input ended at step 2"
run 2 tutorial --step 99
run 2 tutorial --step 0
run 2 tutorial kernel.elf
finish
