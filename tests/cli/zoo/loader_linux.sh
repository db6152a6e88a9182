#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mini's programs on the real Linux: the shell, pipes, files, fork, exec and faults, by way of
# mini/loader, bare and in a VM.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
linux=${PZ_LINUX:-$SRC/build/linux}
guests=${PZ_GUESTS:-$BUILD/guests}
[[ -r $linux/Image && -r $linux/initrd.gz ]] || skip 'Linux is not built (scripts/linux.sh)'
[[ -x $guests/linux/mini ]] || skip "there are no programs for Linux"

mkdir -p tree/mini
cp "$guests/linux/mini" "$guests"/archive/mini/{sh,ls,echo,cat,rm,wc,grep,forktest,primes,usertests,ps} \
    "$SRC"/guestos/common/files/* tree/mini
# A file of mini's commands, one a line: the kernel's command line knows neither quotes nor pipes.
cat >tree/mini/commands <<'END'
echo one >f; echo two >>f; cat f | grep two | wc; cat readme | wc; rm f
forktest
primes | grep 80000
usertests registers
usertests fault_kernel; usertests fault_rights; usertests stack_overflow
usertests exec_keeps_files; usertests pipe_partial_copy; usertests bad_read
ps
END
{ cat "$linux/initrd.gz" && python3 "$SRC/scripts/linux/cpio.py" tree | gzip -9n; } >initrd.gz
for verb in bare run; do
    run 0 "$verb" --machine virt --mem 64M --initrd initrd.gz --append \
        'console=hvc0 rdinit=/init pz=cd_/mini;_./mini_sh_<commands' "$linux/Image"
    tr -d '\r' <out >said
    for text in '1 1 4' '10 68 375' 'forktest: 62 forked, 62 reaped' \
        'primes: 7837 below 80000, checksum 982029fc' 'test registers: ok' 'test fault_kernel: ok' \
        'test fault_rights: ok' 'test stack_overflow: ok' 'test exec_keeps_files: ok' \
        'test pipe_partial_copy: ok' 'test bad_read: ok' \
        "ps: mini's call procinfo is not translated: Linux tells it by files"; do
        in_file said "$text"
    done
done
finish
