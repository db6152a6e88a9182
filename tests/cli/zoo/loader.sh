#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# mini's programs, unmodified, on Linux by way of mini/loader: Linux is QEMU's user mode here, and the
# real kernel in cli/loader_linux.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
guests=${PZ_GUESTS:-$BUILD/guests}
[[ -x $guests/linux/mini ]] || skip "there are no programs for Linux"
qemu=$(type -P qemu-riscv32-static || type -P qemu-riscv32) || skip "no qemu-riscv32"
cp "$guests"/archive/mini/{sh,ls,echo,cat,rm,wc,grep,sleep,kill,halt,ps,primes,forktest,usertests} \
    "$SRC"/guestos/common/files/* .

: >commands
# mini <exit code> <words>...: it reads the file commands
mini() {
    local expected=$1 code=0
    shift
    timeout "$PATIENCE" "$qemu" "$guests/linux/mini" "$@" >out 2>err <commands || code=$?
    ((code == expected)) || fail "mini $*: exit code $code, not $expected"
}

mini 0 sh -c 'echo one >f; echo two >>f; echo three >>f; cat <f | grep t | wc; ls | grep readme; rm f;
cat f; forktest; primes | grep 80000; /echo by its mini name'
in_file out '2 2 10'
in_file out readme
in_file err 'cat: f: no such file'
in_file out 'forktest: 62 forked, 62 reaped'
in_file out 'primes: 7837 below 80000, checksum 982029fc'
in_file out 'by its mini name'
mini 3 sh -c 'exit 3'

# What does not translate says so, once; no call reaches more than one process, and not the first.
mini 1 sh -c 'ps; halt'
[[ $(cat err) == "ps: mini's call procinfo is not translated: Linux tells it by files
halt: mini's call poweroff is not translated: the computer is not this program's
halt: no such system call" ]] || fail "what is lacking is not named once"
mini 0 usertests kill_errors

# Calls, faults and registers as in mini: of usertests, what no clock and no table of mini's own decides.
for test in bad_{number,read,write,fd,path,result_pointer,pipe_pointer,exec_pointer,wait} \
    write_read_back append_and_truncate truncate_leaves_hole unlink_while_open dup_shares_offset \
    pipe_{order,writer_gone,wrong_end,partial_copy} fork_wait exit_status wait_without_child kill_self \
    exec_{too_many_arguments,not_a_program,broken_elf,from_ram_file,keeps_files,bad_entry} registers \
    fault_{kernel,unmapped,rights,instructions,csr} stack_{growth,overflow} process_limit \
    sbrk_{grow_shrink,limits,gives_back} kernel_fills_demand_zero cow_{isolation,by_kernel,grandchild}; do
    echo "usertests $test"
done >commands
mini 0 sh
(($(grep -c ': ok$' out) == $(wc -l <commands))) || fail "$(grep FAILED out)"

# What is no program of mini's, and none at all.
mini 126 "$guests/linux/abi"
in_file err 'not a program'
mini 127 nosuch
mini 126 readme
mini 2
in_file err 'usage: mini PROGRAM'
finish
