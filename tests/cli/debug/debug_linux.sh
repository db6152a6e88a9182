#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz debug on Linux, as scripts/linux.sh builds it: C types, points of one process, source lines, the
# last exit, and when the MMU was turned on. Skipped where it has not been built.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
linux=${PZ_LINUX:-$SRC/build/linux}
[[ -r $linux/vmlinux && -r $linux/initrd.gz ]] || skip 'Linux is not built (scripts/linux.sh)'
grep -qF '"libdw"' <("$PZ" doctor --json) || skip 'pz was built without libdw'

task='((struct task_struct *)tp)'
cat >commands <<END
break start_kernel
continue
print init_task.comm
print &init_task.comm
break do_sys_openat2 process ls
continue
print $task->comm
print $task->parent->comm
print sizeless
END
run 1 debug --mem 64M --initrd "$linux/initrd.gz" --append 'console=hvc0 rdinit=/init pz=ls' \
    --batch -x commands "$linux/vmlinux"
in_file out '"swapper"  (char[16])'
in_file out '(char (*)[16])'
in_file out 'breakpoint 2 in vm0: do_sys_openat2 process ls'
in_file out '"ls"  (char[16])'
in_file out '"init"  (char[16])'
in_file out "'sizeless' is not a register"
grep -qE 'do_sys_openat2\) at open\.c:[0-9]+' out || fail 'no source line'

cat >commands <<END
break do_sys_openat2 process ls
continue
bt
trap
why
into all
bisect satp != 0
x/1i stvec
END
run 0 debug --mem 64M --initrd "$linux/initrd.gz" --append 'console=hvc0 rdinit=/init pz=ls' \
    --batch -x commands "$linux/vmlinux"
in_file out '--- trapped in user mode: ecall from user mode'
in_file out 'Popek & Goldberg'
grep -qE 'relocate|_start|clear_bss' out || fail 'not where the MMU is turned on'

run 0 run --mem 64M --initrd "$linux/initrd.gz" --append 'console=hvc0 rdinit=/init pz=ls' \
    --profile folded "$linux/vmlinux"
in_file folded 'vm0;kernel;'
not_in_file folded '__bss_start;'
finish
