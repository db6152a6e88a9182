#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is wrong with a command line is said, naming the word, and ends with exit code 2.
source "$(dirname "${BASH_SOURCE[0]}")/common.bash"

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
refused "option '--vms' needs a value" run --vms
refused "option '--stats' takes no value" run --stats=1
refused "--engine: there is no 'fast': choose one of" run --engine fast
refused "--shadow: there is no 'eager': choose one of lazy, trace, flush" run --shadow eager
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
refused "--input: 3 of them for 2 VMs" run --vms 2 --input a --input b --input c
refused "2 kernels for 3 VMs" run --vms 3 a b
refused "--focus: there is no VM 2" run --vms 2 --focus 2
refused "too many words, from 'b' on" verify a b
refused "too many words, from 'b' on" bare a b
refused "too many words, from 'x' on" doctor x
refused "it has no supervisor mode" bare --engine unicorn
refused "no command '?[31mred?x'" $'\033[31mred\nx'
refused "both runs need the script" verify --input -
finish
