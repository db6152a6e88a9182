#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is wrong with a command line is said, naming the word, and ends with exit code 2; a file that
# cannot be opened, with 3.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"

# refused <text of the message> <words of pz>...
refused() {
    local text=$1
    shift
    run 2 "$@"
    in_file err "$text"
    [[ ! -s out ]] || fail "pz $*: prints on stdout"
    (($(wc -l <err) == 1)) || fail "pz $*: not one line on stderr"
}

refused "no command 'rnu': did you mean 'run'?" rnu
refused "no command 'verfy': did you mean 'verify'?" verfy
refused "no command 'qqqqqq' (pz help lists them)" qqqqqq
refused "no command 'nothing'" help nothing
refused "no option '--shadwo' here: did you mean '--shadow'?" run --shadwo lazy
refused "no option '--qqqqqq' here" run --qqqqqq
refused "no option '--trace'" bare --trace x
refused "no option '--stats'" verify --stats
refused "no option '-z'" run -z
# Each verb of the control socket takes what its help lists, and nothing of another's.
refused "no option '--since' here" list --since base
refused "no option '--bandwidth' here" pause --bandwidth 1M a
refused "no option '--prometheus' here" stop --prometheus a
refused "no option '--json' here" console --json a
refused "no option '-o' here" migrate -o file a
! "$PZ" pause --help | grep -qE -- '--(since|stop|to|bandwidth|post-copy|prometheus|output)' ||
    fail "pz pause --help: lists an option that pz pause does not take"
refused "option '--vms' needs a value" run --vms
refused "option '--stats' takes no value" run --stats=1
refused "--engine: there is no 'fast': choose one of" run --engine fast
refused "--shadow: there is no 'eager': choose one of lazy, trace, flush" run --shadow eager
refused "--shadow: there is no 'lzy': did you mean 'lazy'? choose one of lazy," run --shadow lzy
refused "--shadow: there is no 'all'" run --shadow all
refused "--color: there is no 'red'" run --color red
for number in '' -1 1x 0x 1__ _1 1e3 99999999999999999999 1kk ' 1'; do
    refused '--slice' run --slice "$number"
done
refused "--vms: 0 is out of range: from 1 to 1024" run --vms 0
refused "--vms: 1025 is out of range" run --vms 1025
refused "--vms: 18446744073709551617" run --vms 18446744073709551617
refused "--mem: '16Q' is not a size" run --mem 16Q
refused "--mem: 1K is out of range: from 64K" run --mem 1K
refused "multiples of the page size" run --mem 65537
refused "hide the devices" run --mem 256M
refused "does not end below" run --ram-base 0xff000000 --mem 32M
refused "--slice: at most 1 of them here" run --slice 1,2
refused "--shares: 0 is out of range" run --shares 100,0
refused "--shares: '' is not a number" run --shares 1,,2
refused "--shares: 3 of them for 2 VMs" run --vms 2 --shares 1,2,3
refused "--fault: say 'user' or a file" run --fault 100,
refused "--input: 3 of them for 2 VMs" run --vms 2 --input a --input b --input c
refused "2 kernels for 3 VMs" run --vms 3 a b
refused "--focus: there is no VM 2" run --vms 2 --focus 2
refused "too many words, from 'b' on" verify a b
refused "too many words, from 'b' on" bare a b
refused "too many words, from 'x' on" doctor x
refused "it has no supervisor mode" bare --engine unicorn
refused "no command '?[31mred?x'" $'\033[31mred\nx'
refused "both runs need the script" verify --input -
refused "too many words, from 'x' on" help run x
refused "no option '--json'" help --json
refused "no option '--color'" map --color never

# Lists: an empty one names nothing, and a part of it is named with its own option.
refused "--only: there is no ''" bench --only ''
refused "--only: there is no 'sotr': did you mean 'sort'? choose one of sort, sieve," bench --only sotr
grep -qE ', \.\.\.$' err || fail "a list that is cut does not say so"
refused "--engines: there is no 'fast'" bench --engines jit,fast
refused "--policies: there is no 'lzy'" bench --policies lzy
refused "there is no variant ''" run --variant popf,
refused "did you mean 'popf'?" run --variant poopf
refused "no row 'wfii': did you mean 'wfi'?" classify --only wfii
refused "no witness 'wfi/privilegd-1': did you mean 'privileged'?" classify --witness wfi/privilegd-1
refused "no witness 'sret/control-999' (it is" classify --witness sret/control-999
refused "no exercise '03-sert': did you mean '03-sret'?" grade 03-sert

# What means nothing without another, or beside it.
refused "--profile FILE" run --profile-unit ns
refused "--profile FILE" run --profile-every 500
refused "--profile or --perf-map" run --symbols .
refused "--gdb cannot be combined with --profile" run --gdb 0 --profile p
refused "--all DIR" grade 03 --jobs 2
refused "give one of them" bench --json --markdown
refused "give one of them" classify --only wfi --witness wfi/privileged-1
refused "--from is after --to" trace x.bin --from 2 --to 1

# A file that is not there is the host's business, whichever command wants it.
for words in 'run X' 'bare X' 'verify X' 'debug X' 'trace X' 'replay X' 'restore X' 'clone ./X' 'diff X X' 'map X' \
    'compare X' 'nest X' 'translate X' 'asm X' 'image -o new X' 'bisect X --when 1' 'report X -o new' 'disk info X' \
    'disk commit X' 'run --disk X' 'run --initrd X' 'run --dtb X' 'run --price X' 'run --input X' 'run --profile new --symbols X' 'debug -x X'; do
    # shellcheck disable=SC2086
    run 3 ${words//X/absent}
    in_file err 'absent: '
    in_file err 'No such file or directory'
done

# A snapshot that could not be written is found out before the guests run, not when all would be lost.
for path in absent/new err/new "$PWD"; do
    run 3 run --append ls --save "$path"
    in_file err "--save: $path: cannot be written"
    [[ ! -s out ]] || fail "run --save $path: the guests have run"
done
refused "no option '--input' here" map --input err

# Nor is anything left of what it would have written; but what was there before stays.
for words in 'report X -o new' 'run --profile new X' 'run --record new X' 'run --trace new X' 'map --svg new X' \
    'trace X --svg new' 'trace X --to-json new' 'compare X --svg new' 'image -o new X' 'asm X -o new'; do
    # shellcheck disable=SC2086
    run 3 ${words//X/absent}
    [[ ! -e new ]] || fail "pz $words: has left a file"
    rm -f new
done
for words in 'report absent -o new' 'run --trace new absent' 'run --record new absent' 'run --profile new absent' \
    'map --svg new absent' 'trace --to-json new absent' 'compare --svg new absent' 'run --profile new --symbols absent'; do
    echo keep >new
    # shellcheck disable=SC2086
    run 3 $words
    [[ $(<new) == keep ]] || fail "pz $words: what the file held is gone"
done
run 3 grade 03 absent.c
in_file err 'absent.c: cannot be opened: No such file or directory'
run 3 run ''
in_file err "'': cannot be opened"
rm new

# What is written is neither read nor written by another option.
echo keep >kept
mkdir -p sub
ln kept sub/linked
for path in kept ./kept sub/linked; do
    refused "$path is read as well, and would be lost" trace kept --to-json "$path"
    refused "$path is read as well" run --trace "$path" kept
    refused "$path is read as well" run --input kept --record "$path"
    refused "$path is read as well" run --profile x --symbols kept --trace "$path"
    refused "$path is read as well" grade 03 kept -o "$path"
done
cp kept sret.c
refused "./sret.c is read as well" grade 03 -o ./sret.c
[[ $(<sret.c) == keep ]] || fail "a student's work has been written over"
[[ $(<kept) == keep ]] || fail "a file that was read has been written over"
refused "--trace and --record: both would write new" run --trace new --record new
refused "--trace and --profile: both would write ./kept" run --trace kept --profile ./kept
[[ ! -e new ]] || fail "a refused command has made a file"
finish
