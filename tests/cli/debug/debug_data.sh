#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Names of data in expressions and as addresses of points, and the kernel's C types: fields, elements,
# casts, what `print` shows of them, and points for one process alone.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

# ask <command>...: the answers, as JSON, in answers
ask() {
    printf '%s\n' "$@" >commands
    run 0 debug --json --append ls --batch -x commands
    python3 -c 'import json; print(json.dumps([json.loads(l) for l in open("out")]))' >answers
}

ask 'break scheduler' continue 'print next_pid + 0' 'print next_pid + 4' 'watch next_pid' continue \
    'x/1x next_pid' 'print u32(next_pid)' 'who next_pid' 'print next_pid + 0'
json answers 'd[2]["data"]["value"] == d[3]["data"]["value"] - 4 == d[6]["data"]["address"] != 0'
json answers 'd[5]["data"]["kind"] == "watchpoint" and int(d[5]["data"]["now"], 16) != 0'
json answers 'd[6]["data"]["values"][0] == d[7]["data"]["value"] == int(d[5]["data"]["now"], 16)'
json answers 'd[8]["retired"] <= d[5]["retired"]'
json answers '"next_pid" not in d[3]["text"]' # data has no name among the code's

if ! "$PZ" doctor --json | python3 -c '
import json, sys
sys.exit(not any(f["name"] == "libdw" and f["found"] for f in json.load(sys.stdin)["findings"]))'; then
    echo 'break scheduler process sh' >commands
    run 1 debug --append ls --batch -x commands
    in_file out 'without libdw'
    finish
fi

# A system call of ls: its process, by the pointer, in the table, through its parent.
ask 'break syscall process ls' continue 'print cpus[0].proc->name' 'print cpus[0].proc->name[1]' \
    'print cpus[0].proc' 'print *cpus[0].proc' 'print cpus[0].proc->parent->parent[2].name' 'print cpus[0].proc->parent->name' \
    'print cpus[0].proc.pid + 1' 'print &cpus[0].proc->name' 'print ((struct proc *)u32(&cpus[0].proc))->pid' \
    'print *(struct proc *)u32(&cpus[0].proc)' 'print handlers[3]' 'print (char)0x241' \
    'print (int)0xffffffff' 'print INIT_PID + 1' 'print cpus[0].proc->files' 'print (cpus[0].proc->pid)' \
    'print *kernel_root' 'print u32(u32(kernel_root))' 'print kernel_root' 'print next_pid'
json answers 'd[1]["data"]["stop"] == "point"'
json answers 'd[2]["text"] == "\"ls\"  (char[24])\n"'
json answers 'd[18]["data"]["type"] == "pte_t" and d[18]["data"]["value"] == d[19]["data"]["value"]'
json answers 'd[20]["data"]["value"] != d[18]["data"]["value"] and d[21]["text"] == "4  (int)\n"'
json answers 'd[3]["data"]["value"] == ord("s") and "115 \x27s\x27" in d[3]["text"]'
json answers 'd[4]["data"]["type"] == "struct proc *"'
json answers 'd[4]["data"]["value"] == d[5]["data"]["address"]'
json answers '"\"ls\"" in d[6]["text"] and "\"sh\"" in d[7]["text"]'
json answers 'd[8]["data"]["value"] == d[10]["data"]["value"] + 1 == d[17]["data"]["value"] + 1'
json answers 'd[9]["data"]["type"] == "char (*)[24]"'
json answers '"\n    name = \"ls\",\n" in d[11]["text"] and d[11]["data"]["type"] == "struct proc"'
json answers 'd[11]["data"]["address"] == d[4]["data"]["value"] and "context = {ra = " in d[11]["text"]'
json answers '"(sys_exec)" in d[12]["text"]'
json answers '"65 \x27A\x27" in d[13]["text"] and d[14]["text"].startswith("-1 ")'
json answers 'd[15]["data"]["value"] == 2'
json answers '" times)" in d[16]["text"] and d[16]["data"]["type"] == "struct file *[16]"'

# Fields in conditions; a point for one process is none for another; without an address, backwards.
ask 'break sys_write if cpus[0].proc->parent->pid == 2' continue 'print cpus[0].proc->name' delete \
    'break sys_write process nobody' continue
json answers '"\"ls\"" in d[2]["text"] and d[5]["data"]["stop"] == "ended"'
ask 'break sys_write process ls' continue delete 'break process ls mode supervisor' reverse \
    'print cpus[0].proc->name' 'back 1' 'print cpus[0].proc->name'
json answers 'd[4]["data"]["stop"] == "point" and "\"ls\"" in d[5]["text"]'

# On several CPUs it is the process of the CPU that has come there.
printf '%s\n' 'break sys_write process ls' continue 'print cpus[cpu].proc->name' cpus >commands
run 0 debug --cpus 3 --append ls --batch -x commands
in_file out '"ls"'

# Elements are as far apart as the kernel has them: against memory.
ask 'break sys_write process ls' continue 'print &nodes[1]' 'print &nodes[0]' 'print nodes + 0' \
    'print u32(&cpus[0].proc->parent->pid)' 'print cpus[0].proc->parent->pid' 'print nodes[1].name' \
    'print &cpus[0].proc->parent[1]' 'print cpus[0].proc'
json answers 'd[3]["data"]["value"] == d[4]["data"]["value"] == d[2]["data"]["value"] - 40'
json answers 'd[5]["data"]["value"] == d[6]["data"]["value"] == 2 and "\"sh\"" in d[7]["text"]'
json answers 'd[8]["data"]["value"] == d[9]["data"]["value"]' # ls is the next process of sh's

# refuse <expression> <why>
refuse() {
    printf 'break sys_write process ls\ncontinue\n%s\n' "$1" >commands
    run 1 debug --append ls --batch -x commands
    in_file out "$2"
}
refuse 'print cpus[0].proc->nothing' "has no member 'nothing'"
refuse 'print pc->x' 'a number has no C type'
refuse 'print scheduler.x' 'scheduler has no C type'
refuse 'print cpus[0].proc->pid[1]' 'needs an array or a pointer'
refuse 'print cpus[0].proc->name[' 'incomplete'
refuse 'print cpus[0].proc->name[1' "a ']' is missing"
refuse 'print &5' 'needs something that has an address'
refuse 'print ((struct proc *)0x90000000)->pid' 'no value here'
refuse 'print *(struct proc *)0x90000000' 'not mapped'
refuse 'break 0 process' 'process takes a name'
echo 'break 0 process sh' >commands
run 1 debug --batch -x commands "$PZ_GUESTS/t_points.elf"
in_file out 'process: '

# Damaged types: never a crash, a hang or another run.
python3 "$SRC/tests/cli/debug/damage.py" "$PZ" "$PZ_GUESTS/mini.elf" "${PZ_FUZZ_ROUNDS:-12}" 12 \
    'goto 100000; print *cpus[0].proc; print procs; print nodes[1]; break syscall process ls; print pc' \
    .debug_info .debug_abb .debug_str || fail "hostile types"
finish
