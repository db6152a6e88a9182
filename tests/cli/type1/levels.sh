#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz debug, where monitors are inside each other: who runs, and who has trapped to whom.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
type1=$PZ_GUESTS/type1.elf
run 0 image -o in.img --append ls
run 0 image --mem 56M --machine virt --initrd in.img -o out.img "$type1"

# A round trip of the innermost guest: it traps to its own monitor, by way of the one beneath. Where
# an exit begins depends on nothing but the count.
cat >script <<'END'
goto 12000000
until mode == user
levels
trap
trap
levels
trap
levels
END
run 0 debug --batch --machine virt --mem 136M --initrd out.img -x script "$type1"
grep -E '^[0-9] +[a-z0-9]+\.elf ' out | sed -E 's/0x[0-9a-f]+( \([^)]*\))?//g; s/ +/ /g; s/ $//' >rows

grep -q '^1 type1.elf user has entered level 2$' rows || fail "level 1 has entered"
grep -q '^2 type1.elf supervisor runs$' rows || fail "level 2 runs"
grep -Eq '^3 mini.elf (user|supervisor) trapped to level 2: ' rows || fail "level 3 has trapped"
[[ $(grep -c ' runs$' rows) == 3 ]] || fail "one runs, each time"

# Without acceleration the same levels are found.
cat >script <<'END'
goto 12000000
levels
END
run 0 debug --batch --machine virt --mem 136M --append accel=off --initrd out.img -x script "$type1"
grep -Eq '^3 +mini.elf ' out || fail "level 3"

# A guest that has no guests; one that is not type 1 at all.
echo levels >script
run 0 debug --batch --machine virt --mem 136M --initrd out.img -x script "$type1"
in_file out 'this VM has no VMs'
run 0 debug --batch -x script
in_file out 'this VM has no VMs'
printf 'goto 12000000\nlevels x\n' >script
run 1 debug --batch --machine virt --mem 136M --initrd out.img -x script "$type1"
in_file out 'levels takes no words'
finish
