#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Linux, as scripts/linux.sh builds it: to a shell, the same bare as in a VM, and several CPUs. Skipped where it has not been built.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
linux=${PZ_LINUX:-$SRC/build/linux}
[[ -r $linux/Image && -r $linux/initrd.gz ]] ||
    skip 'Linux is not built (scripts/linux.sh)'
machine=(--machine virt --mem 64M --initrd "$linux/initrd.gz")
append='console=hvc0 rdinit=/init'

# says <text>: a line of the guest's console, which may end in a carriage return
says() {
    tr -d '\r' <out | grep -qF -- "$1" || fail "the guest did not say '$1'"
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

# Several CPUs.
run 0 run "${machine[@]}" --cpus 4 --append "$append pz=nproc" "$linux/Image"
says 'smp: Brought up 1 node, 4 CPUs'
says '4'

finish
