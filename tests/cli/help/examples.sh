#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The examples of every command's help run as they are printed, in the order in which they are printed:
# in a directory with files of the names that they use, and beside a run that is called a.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
export XDG_RUNTIME_DIR=$PWD/runtime
mkdir runtime bin

# What is not run, and why: a pattern each.
left_out=(
    'pz run --save vm.pzs'         # Ctrl-A x leaves it, at a terminal
    '*--gdb*'                      # waits for gdb: cli/gdb
    'pz receive*' 'pz migrate*'    # need each other: cli/migrate
    'pz console*' 'pz run*@console*' '*/run/pz/*' # a terminal; a service: cli/control, cli/fleet_systemd
    'pz save --stop*'              # what goes on is not to end
    'pz web' 'pz web --port*'      # wait for a browser: cli/web_server
    'pz dap*'                      # waits for an editor: cli/dap
    'pz tutorial*'                 # asks questions: cli/tutorial
    'pz bench*' 'pz zoo --run*' 'pz compare --systems*' # measure for minutes: cli/bench_smoke, cli/zoo
    '*hostfwd*'                    # a port that may be in use: cli/net
    '*initrd.gz*'                  # a Linux: cli/linux
    'qemu*'                        # cli/type1
    '* --engine all*' '*--count 1000*' '*--monitor all*' # cli/verify, cli/clone
    'pz classify*'                 # cli/classify
    '*asm*k.S*'                    # with make: cli/new_kernel
    'pz new-kernel*'
)

# Exit codes other than 0: what the example is there to show.
status_of() {
    case $1 in
    *"'u32(0xc0010000) == 7'"*) echo 1 ;; # never true
    *'compare --variant popf'*) echo 1 ;; # a guest can tell
    'pz diff'*) echo 1 ;;                 # they differ
    *--all* | *'||'*) echo 0 ;;
    'pz grade 03'*) echo 1 ;; # a wrong solution, so that there is something to report
    *) echo 0 ;;
    esac
}

# Tools that need not be installed: what they would read is read.
printf '#!/bin/sh\ncat -- "$@" >/dev/null\n' >bin/flamegraph.pl
printf '#!/bin/sh\ncat >/dev/null\n' >bin/man
# shellcheck disable=SC2016 # of the script
printf '#!/bin/sh\n[ "$1" != record ] || { shift; exec "$@"; }\n' >bin/perf
chmod +x bin/*
ln -s "$PZ" bin/pz
export PATH=$PWD/bin:$PATH

for name in kernel a b; do
    cp "${PZ_GUESTS:-$BUILD/guests}/mini.elf" "$name.elf"
done
cp "${PZ_GUESTS:-$BUILD/guests}/type1.elf" .
echo 'echo one' >a.txt
echo 'echo two; ls' >b.txt
cp a.txt script.txt
truncate -s 1M root.img data.img
echo 'trap 10' >commands.txt
echo '_start: li a7, 8
ecall' >hello.S # shut down
solution=$SRC/tests/solutions/03-sret/wrong1.c
cp "$solution" sret.c
mkdir -p handed-in/ada results build/release
cp "$solution" handed-in/ada/sret.c
ln -s "${PZ_GUESTS:-$BUILD/guests}" build/release/guests
for words in 'good ls' 'bad ps' 'monday ls' 'tuesday ps'; do
    run 0 run --vms 1 --append "${words#* }" --record "${words% *}.pzr"
done

# begin_a [words of pz run]: a run called a, which waits for what is typed
begin_a() {
    rm -f a.out
    "$PZ" run --name a --input @console --cpus 2 --balloon 0 "$@" >a.out 2>a.err </dev/null &
    until_by "$!" test -s a.out
}

end_a() {
    kill "$!" 2>/dev/null
    wait "$!" 2>/dev/null
}

is_left_out() {
    local pattern
    for pattern in "${left_out[@]}"; do
        # shellcheck disable=SC2053 # a pattern
        [[ $1 != $pattern ]] || return 0
    done
    return 1
}

# needs_a <command line>
needs_a() {
    [[ $1 =~ ^pz\ (pause|resume|save|stats|stop|kill|set|clone\ --count\ 8)\  ]]
}

# nobody_runs: what an example left in the background has ended
nobody_runs() {
    [[ $("$PZ" list --json) == *'"runs": []'* ]]
}

count=0
# example <command line>
example() {
    local code=0 expected
    expected=$(status_of "$1")
    case $1 in
    *clone*a) begin_a --vms 1 ;; # a VM without disks of its own
    *) ! needs_a "$1" || begin_a --vms 2 --disk root.img,snapshot --disk data.img,snapshot ;;
    esac
    timeout "$PATIENCE" bash -c "$1" >out 2>err </dev/null || code=$?
    ((code == expected)) || fail "$1: exit code $code, not $expected"
    ! needs_a "$1" || end_a
    count=$((count + 1))
    [[ $1 != 'pz grade'*ada.json* ]] || cp ada.json results/
}

run 0 help
verbs=$(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' out)
for verb in $verbs; do
    # What an example is for comes behind it, after spaces.
    "$PZ" "$verb" --help | sed -n '/^Examples:/,/^$/s/^  \(.*\)/\1/p' | sed -E 's/ {2,}[^ ].*$//' >examples
    while read -r line; do
        is_left_out "$line" || example "$line"
    done <examples
    until_so nobody_runs # or the next run called a would be refused
done
((count > 70)) || fail "only $count examples have run"
finish
