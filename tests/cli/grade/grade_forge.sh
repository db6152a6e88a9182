#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Student code has its own process, and what it does there to the monitor, its guests and the verdict
# does not count: it gains no points by writing to memory, by lying about what only others can know,
# by speaking for the grader, or by never coming back.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cc
need clang

landlock=$("$PZ" doctor --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
print("yes" if any(f["name"] == "Landlock" and f["found"] for f in d["findings"]) else "no")')

head='#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "vmm/parts.h"'

# sret <statements> [<declarations>]: a part that runs them at each SRET, and answers `true`
sret() {
    cat >sret.c <<C
$head
${2:-}
bool part_sret(struct hart *hart, const struct insn *insn, struct trap *trap)
{
    (void)hart, (void)insn, (void)trap;
    $1
    return true;
}
C
}

# none <exercise> <file> <outcome> <text>: no points in all checks that come to the part; one has
# this outcome, and it is said why
none() {
    run 1 grade "$1" "$2" --json
    json out "d['files'][0]['built']"
    json out "any(c['outcome'] == '$3' for c in d['checks'])"
    json out "all(c['points'] == 0 for c in d['checks'] if c['outcome'] == '$3')"
    in_file out "$4"
}

# An ECALL of the guest's that it has not executed would be the firmware's, which can switch off.
shutdown='hart->x[17] = 0x53525354; hart->x[16] = 0; hart->x[10] = 0; hart->x[11] = 0;'
sret "$shutdown trap->cause = 9; return false;"
none 03 sret.c forged 'a trap that the instruction cannot take'
json out "d['points'] == 0"
sret 'hart->mode = 7;'
none 03 sret.c forged 'a mode that there is not'
# To where the guest says that all is well, by way of the image: past its checks.
pass=$(llvm-nm-14 "$BUILD/guests/examples/03-sret/to_user.elf" 2>/dev/null | awk '$3 == "pass" { print $1 }')
if [[ -n $pass ]]; then
    sret "hart->pc = 0x$pass;"
    run 1 grade 03 sret.c --json
    json out "[c['outcome'] for c in d['checks'] if c['name'] == 'to user mode'] == ['fail']"
fi

# timer <part_wait's statements> <part_interrupt's>: the reference, with more
timer() {
    {
        echo "$head"
        sed -n '/^#include/!p' "$SRC/tests/solutions/09-lost-interrupt/solution.c" |
            sed "/^void part_wait/,/^}/ s|^{|{ $1|; /^uint32_t part_interrupt/,/^}/ s|^{|{ $2|"
    } >timer.c
}
timer '' ''
run 0 grade 09 timer.c
timer 'vm->board.power = BOARD_OFF; return;' ''
none 09 timer.c forged 'switched the machine off'
timer '' 'hart->x[17] = 0x53525354; hart->x[16] = hart->x[10] = hart->x[11] = 0; return 9;'
none 09 timer.c forged 'not an interrupt'
json out "d['points'] == 0"
# The VM's end, its counters and the grader's own functions: writes to a copy, which is thrown away.
# A correct part that does so besides loses nothing and gains nothing; one that is wrong gets what
# it gets without.
timer 'vm->end = VM_OFF; vm->counters.exits = 0; vm->config.limit = 0; vm->board.host.console_out(vm->board.host.owner, (const uint8_t *)"PASS", 4);' ''
run 0 grade 09 timer.c
timer 'vm->end = VM_OFF; vm->yields = true; vm->board.power = BOARD_IDLE; return;' ''
"$PZ" grade 09 timer.c --json >with
timer 'vm->yields = true; vm->board.power = BOARD_IDLE; return;' ''
"$PZ" grade 09 timer.c --json >without
json with "d['points'] == json.load(open('without'))['points'] and d['points'] < d['of']"

# pmap <statements>: the reference, which first runs them with `pmap` at each translation
pmap() {
    {
        echo "$head"
        sed "/^enum pmap_result part_pmap_translate/,/^}/ s|^{|{ $1|" "$SRC/tests/solutions/05-page0/solution.c"
    } >pmap.c
}
pmap 'memset(pmap->allocator->ram + 4096 * 900, 0xff, 4096);'
run 0 grade 05 pmap.c
pmap 'pmap->allocator->pages[3].kind = PAGE_GUEST; mpa->v = 3 << 12; return PMAP_OK;'
none 05 pmap.c forged 'a page that belongs to no guest'
json out "d['points'] == 0"
pmap 'mpa->v = 0xfffff000; return PMAP_OK;'
none 05 pmap.c forged 'a page that belongs to no guest'
pmap 'if (allocate_page(pmap->allocator, pmap->owner, PAGE_SHADOW_LEAF, mpa)) return PMAP_OK;'
none 05 pmap.c forged 'pages of another kind'

# A walk writes A and D in page tables, and nothing else in a guest.
walk() {
    {
        echo "$head"
        sed "/^enum sv32_result part_walk/,/^}/ s|^{|{ $1|" "$SRC/tests/solutions/06-shadow-fill/solution.c"
    } >shadow.c
}
walk 'uint32_t nop = 0x13; if (phys_write(space->phys, 0x1000, \&nop, 4)) { }'
none 06 shadow.c forged 'part_walk() wrote'

# Of both stages: no entry on the walk's way; more of one than A and D; an address that there is not.
two_stage() {
    sed "s|^    enum sv32_result result;\$|&\n    $1|" "$SRC/tests/solutions/15-two-stage/solution.c" |
        sed 's|^#include "vmm/parts.h"|&\nstatic const uint32_t ones = UINT32_MAX;|' >two_stage.c
}
two_stage '(void)!phys_write(space->phys, space->phys->base + 0x12000, \&ones, 4);'
none 15 two_stage.c forged 'part_two_stage() wrote to memory that is not a page table'
two_stage '(void)!phys_write(space->phys, (uint64_t)(space->hgatp \& SATP_PPN) << 12, \&ones, 4);'
none 15 two_stage.c forged 'part_two_stage() wrote more'
two_stage 'walk->pa = walk->gpa = 1ull << 40; return SV32_OK;'
none 15 two_stage.c forged 'an address or a result that there is not'
walk 'uint8_t *at = phys_host(space->phys, 0x1000, true); if (at) memset(at, 0x13, 64);'
run 0 grade 06 shadow.c
walk 'walk->level = 1000000; walk->pa = ~0ull; return SV32_OK;'
none 06 shadow.c forged 'that there is not'

# A batch of updates writes what its array says, and fences that there are.
batch() {
    sed "s|^    struct sbi_result result = .*|&\n    $1|" "$SRC/tests/solutions/14-batch/solution.c" >batch.c
}
batch 'uint32_t nop = 0x13; if (phys_write(batch->phys, 0x1000, \&nop, 4)) { }'
none 14 batch.c forged 'part_para_update() wrote a value that is in no entry of the array'
batch 'batch->fence(batch, (enum para_fence)17, 0);'
none 14 batch.c forged 'a fence that there is not'

# Words of its own, before it is asked anything and afterwards: into every descriptor.
message='static const char many[1 << 16]; for (int fd = 3; fd < 1024; fd++) if (write(fd, many, sizeof many) > 0) { }'
sret "$message"
run 1 grade 03 sret.c --json
json out "d['points'] == 0 and all(c['outcome'] in ('forbidden', 'forged') for c in d['checks'])"
sret '' "__attribute__((constructor)) static void early(void) { $message }"
run 1 grade 03 sret.c --json
json out "d['points'] == 0 and all(c['outcome'] in ('forbidden', 'forged') for c in d['checks'])"

# Files: it has none to read, and the process that gives the verdict is out of reach.
echo 'nobody else may see this' >secret
spy() {
    sret "static bool done; FILE *file = done ? NULL : fopen(\"$1\", \"r\"); char line[100]; done = true;
    if (file \\&\\& fgets(line, sizeof line, file)) printf(\"READ %s\", line); fflush(stdout);
    trap->cause = 9; return false;" # one look is enough, and this ends the check
    sed -i 's/\\&/\&/g' sret.c
    run 1 grade 03 sret.c
    not_in_file out 'READ'
}
if [[ $landlock == yes ]]; then
    spy "$PWD/secret"
    spy /etc/passwd
    spy /proc/self/maps
    spy "$SRC/examples/03-sret/grader.json"
fi

# Asleep for ever: see grade_endless.sh for those that use the CPU.
sret 'static int word; syscall(SYS_futex, &word, 0, 0, NULL, NULL, 0);'
python3 - "$SRC" <<'PY'
import json, os, sys
home = "home/examples/03-sret"
os.makedirs(home)
for name in os.listdir(sys.argv[1] + "/examples/03-sret"):
    os.symlink(f"{sys.argv[1]}/examples/03-sret/{name}", f"{home}/{name}")
for name in ("isa", "vmm", "tests"):
    os.symlink(f"{sys.argv[1]}/{name}", f"home/{name}")
d = json.load(open(home + "/grader.json"))
d["checks"] = d["checks"][:1]
os.remove(home + "/grader.json")
json.dump(d, open(home + "/grader.json", "w"))
PY
PZ_HOME=$PWD/home none 03 sret.c time 'waits for ever'

# The recording of a run that came to no end has nothing to compare with, and says so: whatever
# happened to the code then, it is no difference.
sret 'hart->mode = HART_SUPERVISOR; if (getenv("CRASH")) abort();'
CRASH=1 run 1 grade 03 sret.c
in_file out 'Aborted'
run 0 replay 03-sret.to-user-mode.pzr
in_file err 'the recording has no end that it could be compared with'
finish
