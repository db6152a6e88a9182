#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Completion: in bash by running it; the scripts of zsh and fish are run where those shells are.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"

run 0 help
verbs=$(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' out)

run 0 help --completion bash
cp out pz.bash
# Where programmable completion runs it, there is a compopt that does something.
# shellcheck source=/dev/null
source ./pz.bash
compopt() { :; }

# completes <expected words, sorted> <typed words>...: the last one is being typed
completes() {
    local expected=$1
    shift
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    _pz
    local got
    got=$(printf '%s\n' "${COMPREPLY[@]}" | sort | xargs)
    [[ $got == "$expected" ]] || fail "'$*': completes to '$got', not '$expected'"
}
touch kernel.elf notes.txt
mkdir class
touch class/inner.elf

completes "$(printf '%s\n' "$verbs" --help --version | sort | xargs)" pz ''
completes "translate" pz transl
completes "trace translate" pz tra
completes "flush lazy trace" pz run --shadow ''
completes "spec" pz run --engine sp
completes "flush" pz run --shadow = fl
completes "flush lazy trace" pz run --shadow =
completes "spec,unicorn" pz bench --engines spec,un
completes "kernel.elf" pz run ke
completes "class/inner.elf" pz bare class/
completes "class" pz grade --all cl
completes "kernel.elf" pz run --trace ke
completes "" pz run --vms ''
completes "verify version" pz help ver
completes "" pz doctor ''
completes "--vms" pz run --vm
completes "--engine" pz replay --en
completes "" pz doctor --en

# Every option of every command.
for verb in $verbs; do
    run 0 help "$verb"
    while read -r option; do
        COMP_WORDS=(pz "$verb" "$option") COMP_CWORD=2
        _pz
        [[ " ${COMPREPLY[*]} " == *" $option "* ]] || fail "pz $verb $option is not completed"
    done < <(grep -oE '^  --[a-z-]+' out)
done

for shell in zsh fish; do
    run 0 help --completion "$shell"
    cp out "pz.$shell"
    for verb in $verbs; do
        grep -qw -- "$verb" "pz.$shell" || fail "$shell: no $verb"
    done
done
if command -v zsh >/dev/null; then
    zsh -n pz.zsh || fail "zsh: syntax"
    # It can be loaded, and the function is there.
    got=$(zsh -fc 'autoload -Uz compinit; compinit -u -d dump; source ./pz.zsh; print $_comps[pz]' 2>&1)
    [[ $got == _pz ]] || fail "zsh: $got"
fi
if command -v fish >/dev/null; then
    # Silence, and the words.
    HOME=$PWD fish --no-config -c 'source pz.fish; complete -C "pz run --shadow "' >got 2>&1
    [[ $(cut -f1 got | sort | xargs) == "flush lazy trace" ]] || fail "fish: $(<got)"
    HOME=$PWD fish --no-config -c 'source pz.fish; complete -C "pz trans"' >got 2>&1
    [[ $(<got) == translate* ]] || fail "fish: $(<got)"
fi
run 2 help --completion csh
in_file err "bash, zsh, fish"
finish
