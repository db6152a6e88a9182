#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# An open TCP connection goes along. Of two Linux VMs on a switch one fetches a file from the other,
# and stops reading after the first byte, until somebody types a line: far more is still to come than
# buffers hold. Meanwhile both are moved to another pz; or saved, and restored. What arrives in the
# end is the file. Skipped where Linux has not been built (scripts/linux.sh).
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
linux=${PZ_LINUX:-$SRC/build/linux}
[[ -r $linux/Image && -r $linux/initrd.gz ]] || skip 'Linux is not built (scripts/linux.sh)'
export XDG_RUNTIME_DIR=$PWD/runtime
mkdir runtime

append='console=hvc0 rdinit=/init'
file=/bin/busybox
serve='ifconfig_eth0_10.0.0.1;_httpd_-f_-p_80_-h_/bin'
rest="dd_bs=1_count=1_2>/dev/null_|_wc_-c;_head_-n_1_</dev/console;_md5sum"
fetch="ifconfig_eth0_10.0.0.2;_sleep_3;_wget_-q_-O_-_http://10.0.0.1/busybox_|_{_$rest;_}"

# The hash of all but the first byte, as the guest has to print it.
expected=$(tail -c +2 "$linux/root$file" 2>/dev/null | md5sum | cut -d' ' -f1)
[[ -r $linux/root$file ]] || skip "$linux/root$file is not there"

# begin: two VMs, until the first byte has come, and what the buffers hold
begin() {
    "$PZ" run --name a --vms 2 --input @console --input @console --machine virt --mem 32M \
        --initrd "$linux/initrd.gz" --net switch=lan --append "$append pz=$serve" \
        --append "$append pz=$fetch" "$linux/Image" >a.out 2>a.err </dev/null &
    source=$!
    until_so says_one a.out
}

is_there() {
    "$PZ" list >runs 2>&1
    grep -q "^$1" runs
}
says_one() { tr -d '\r' <"$1" | grep -x '\[vm1\] 1' >grepped; }
has_hash() { grep -qF "[vm1] $expected" "$1"; }

# goes_on <name>: somebody types a line there, and all that is missing comes
goes_on() {
    until_so is_there "$1"
    printf 'go on\n' | "$PZ" console "$1" --vm 1 >/dev/null 2>&1
    until_so has_hash "$1.out"
    "$PZ" stats "$1" --json >counted
    json counted 'd["vms"][1]["net_bytes_in"] > 200000' # most of it came here
    run 0 stop "$1"
    wait "$target"
}

begin
"$PZ" receive --name b --share unix:b.sock >b.out 2>b.err </dev/null &
target=$!
until_so test -S b.sock
run 0 migrate a --to unix:b.sock
wait "$source" || fail "the source ended with $?"
goes_on b

begin
run 0 save -o saved.pzs --stop a
wait "$source"
"$PZ" restore --name c --engine jit --monitor translate --input @console --input @console \
    saved.pzs >c.out 2>c.err </dev/null &
target=$!
goes_on c
finish
