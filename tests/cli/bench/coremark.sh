#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# scripts/coremark.sh: what it says without CoreMark, and what it makes of sources that are found: here
# stand-ins, which print what CoreMark does.
source "$SRC/tests/cli/common.bash"

script=$SRC/scripts/coremark.sh

# exits <status> <words>...: the script does
exits() {
    local wanted=$1 status=0
    shift
    "$script" "$@" >out 2>err </dev/null || status=$?
    [[ $status == "$wanted" ]] || fail "coremark.sh $*: exit status $status, not $wanted"
}

exits 2
in_file err 'DIR'
exits 2 nowhere
in_file err "CoreMark's sources"
mkdir empty
exits 2 empty
in_file err 'empty/core_list_join.c: not there'
exits 2 --rounds 0 empty
in_file err '--rounds 0: not a number'
exits 2 --iterations
in_file err 'how many?'
exits 2 --iterations x empty
in_file err '--iterations x: not a number'
exits 2 --sideways empty
in_file err '--sideways: unknown'

need clang
need ld.lld
need gcc

# stand_in <folder> <crc of the list> <what the final one is XORed with>
stand_in() {
    mkdir "$1"
    for name in core_list_join core_matrix core_state core_util; do
        echo 'typedef int nothing;' >"$1/$name.c"
    done
    cat >"$1/coremark.h" <<'END'
#include "core_portme.h"
typedef ee_u32 secs_ret;
void start_time(void);
void stop_time(void);
CORE_TICKS get_time(void);
secs_ret time_in_secs(CORE_TICKS ticks);
END
    cat >"$1/core_main.c" <<END
#include "coremark.h"
extern volatile ee_s32 seed3_volatile, seed4_volatile;
int main(void)
{
    ee_u32 sum = 1;
    core_portable port;

    portable_init(&port, 0, 0);
    start_time();
    for (ee_s32 i = 0; i < seed4_volatile; i++)
        for (ee_s32 k = 0; k < 1000; k++)
            sum = sum * 69069 + (ee_u32)seed3_volatile;
    stop_time();
    ee_printf("seedcrc          : 0x%04x\n", 0xe9f5);
    ee_printf("[%d]crclist       : 0x%04x\n", 0, $2);
    ee_printf("[%u]crcmatrix     : 0x%04x%s\n", 0, 0x1fd7, "");
    ee_printf("[%lu]crcstate      : 0x%04x\n", 0ul, 0x8e3a);
    ee_printf("[%d]crcfinal      : 0x%04x\n", 0, (sum ^ ($3)) & 0xffff);
    portable_fini(&port);
    return 0;
}
END
}
few=(--rounds 1 --iterations 40000)

stand_in right 0xe714 0
exits 0 "${few[@]}" --json right
json out 'd["schema"] == "pz-coremark/1" and set(d["per_second"]) >= {"gcc", "bare", "vm"}'
json out 'd["vm_to"]["gcc"] > 0 and d["crcfinal"].startswith("0x")'
exits 0 "${few[@]}" right
in_file out 'iterations per second; the VM has'

stand_in wrong 0xe715 0
exits 1 "${few[@]}" wrong
in_file err 'a wrong CRC'

stand_in differs 0xe714 'sizeof(void *)'
exits 1 "${few[@]}" differs
in_file err 'another final CRC than in the VM'

# A guest that does not end well.
stand_in fails 0xe714 0
sed -i 's/^    portable_fini.*/    *(volatile int *)8 = 1;/' fails/core_main.c
exits 1 "${few[@]}" fails
in_file err 'the run failed'

finish
