#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Linux, as scripts/linux.sh builds it: to a shell, with its disk, its network and several CPUs, and
# the same bare as in a VM. Skipped where it has not been built.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
linux=${PZ_LINUX:-$SRC/build/linux}
[[ -r $linux/Image && -r $linux/initrd.gz && -r $linux/disk.img ]] ||
    skip 'Linux is not built (scripts/linux.sh)'
machine=(--machine virt --mem 64M --initrd "$linux/initrd.gz")
append='console=hvc0 rdinit=/init'

# says <text>: a line of the guest's console, which may end in a carriage return. All of it is read:
# grep -q would end before tr, which would then fail by SIGPIPE.
says() {
    tr -d '\r' <out | grep -F -- "$1" >grepped || fail "the guest did not say '$1'"
}

# To a shell that reads commands, bare and in a VM: the same bytes, and power off.
# shellcheck disable=SC2016  # the guest's shell does the sum
printf 'echo $((6*7)) is the answer; uname -m\nexit\n' >typed
for verb in bare run; do
    run 0 "$verb" "${machine[@]}" --append "$append" --input typed "$linux/Image"
    says '42 is the answer'
    says 'riscv32'
    cp out "$verb.out"
done
cmp bare.out run.out || fail 'bare and in a VM it says different things'

# Under every technique the same to the instruction, with all of RAM and the registers at each trap.
run 0 verify "${machine[@]}" --monitor all --append "$append pz=true" "$linux/Image"
run 0 verify "${machine[@]}" --monitor translate --shadow trace --cpus 4 --append "$append pz=true" \
    "$linux/Image"

# Saved in the middle of its boot, with one CPU and with four: the rest on another engine, and under
# other techniques.
for cpus in 1 4; do
    boot=("${machine[@]}" --cpus "$cpus" --append "$append pz=seq_1_500_|_sha256sum")
    run 0 run "${boot[@]}" "$linux/Image"
    cp out whole
    run 0 run "${boot[@]}" --save half.pzs --save-at 20M --save-exit "$linux/Image"
    cp out half
    for how in '--engine spec' '--monitor assist' '--monitor translate --shadow flush'; do
        # shellcheck disable=SC2086  # options
        run 0 restore $how half.pzs
        cat half out | cmp -s - whole || fail "$how, $cpus CPUs: the two halves are not the whole"
    done
done

# A disk: what is written is there at the next boot; legacy and modern.
for version in legacy modern; do
    cp "$linux/disk.img" disk.img
    run 0 run "${machine[@]}" --virtio "$version" --disk disk.img --append \
        "$append pz=mount_/dev/vda_/mnt_&&_seq_1_5000_>/mnt/kept_&&_umount_/mnt" "$linux/Image"
    run 0 run "${machine[@]}" --virtio "$version" --disk disk.img --append \
        "$append pz=mount_/dev/vda_/mnt_&&_md5sum_</mnt/kept" "$linux/Image"
    says "$(seq 1 5000 | md5sum | cut -d' ' -f1)"
done

# The disk as root, with the kernel's own UART and clock.
cp "$linux/disk.img" disk.img
run 0 run --machine virt --mem 64M --disk disk.img --append \
    'console=ttyS0 root=/dev/vda rw init=/init pz=ls_/dev/vda;_cat_/sys/class/rtc/rtc0/name' "$linux/Image"
says '/dev/vda'
says 'goldfish_rtc'

# Several CPUs.
run 0 run "${machine[@]}" --cpus 4 --append "$append pz=nproc" "$linux/Image"
says 'smp: Brought up 1 node, 4 CPUs'
says '4'

# Two on a switch, with one CPU and with four: one serves a file over HTTP, the other fetches it.
serve='ifconfig_eth0_10.0.0.1;_echo_served_>/tmp/f;_httpd_-f_-p_80_-h_/tmp_&_sleep_20'
fetch='ifconfig_eth0_10.0.0.2;_sleep_3;_wget_-q_-O_-_http://10.0.0.1/f'
for how in '--cpus 1' '--cpus 4 --monitor translate --virtio modern' '--cpus 4 --monitor assist'; do
    # shellcheck disable=SC2086  # options
    run 0 run --vms 2 $how "${machine[@]}" --net switch=lan --append "$append pz=$serve" \
        --append "$append pz=$fetch" "$linux/Image"
    tr -d '\r' <out | grep '^\[vm1\] served' >grepped || fail "$how: the file was not fetched"
done
finish
