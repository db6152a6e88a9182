#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz debug, where monitors are inside each other: who runs, and who has trapped to whom.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
type1=$PZ_GUESTS/type1.elf
run 0 image -o in.img --append ls
run 0 image --mem 56M --machine virt --initrd in.img -o out.img "$type1"

# round_trip <words of level 1>: of the innermost guest, when it has run for a while; three times who
# runs, and who has trapped. Where an exit begins depends on nothing but the count.
round_trip() {
    run 0 run --machine virt --mem 136M --append "$1" --initrd out.img --json "$type1"
    late=$(python3 -c 'import json; print(json.load(open("out"))["vms"][0]["retired"] * 4 // 5)')
    printf 'goto %s\nuntil mode == user\nlevels\ntrap\ntrap\nlevels\ntrap\nlevels\n' "$late" >script
    run 0 debug --batch --machine virt --mem 136M --append "$1" --initrd out.img -x script "$type1"
    grep -E '^[0-9] +[a-z0-9]+\.elf ' out | sed -E 's/0x[0-9a-f]+( \([^)]*\))?//g; s/ +/ /g; s/ $//' >rows
    [[ $(grep -c ' runs$' rows) == 3 ]] || fail "one runs, each time ($1)"
    grep -q '^1 type1.elf user has entered level 2$' rows || fail "level 1 has entered ($1)"
}

round_trip ''
round_trip relay=off
grep -q '^2 type1.elf supervisor runs$' rows || fail "level 2 runs"
grep -Eq '^3 mini.elf (user|supervisor) trapped to level 2: ' rows || fail "level 3 has trapped"

# Without acceleration the same levels are found.
cat >script <<END
goto $late
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
printf 'goto %s\nlevels x\n' "$late" >script
run 1 debug --batch --machine virt --mem 136M --initrd out.img -x script "$type1"
in_file out 'levels takes no words'

# Stories of traps, three levels deep, and what each level's tables say: a transcript, without what
# depends on how type 1 was compiled. RENEW=1 writes it.
cp "$PZ_GUESTS/t_levels.elf" innermost.elf
run 0 image --mem 8M -o in.img innermost.elf
run 0 image --mem 32M --machine virt --initrd in.img -o out.img "$type1"
nested=(--machine virt --mem 80M --initrd out.img)
cat >mask.py <<'END'
import re, sys
text = re.sub(r"\n {11}[a-z0-9 ]+: .*(\u2192|->).*", "", sys.stdin.read())  # what changed
text = re.sub(r"\n {11}(?=\S)", " ", text)  # paragraphs
text = re.sub(r" \([a-z_0-9]+(\+0x[0-9a-f]+)?\)|(?<=\)| )at \w+\.[chS]:\d+", "", text)
text = re.sub(r"0x(?!00000)[0-9a-f]{8}|0x1[0-9a-f]{2}$", "ADDRESS", text, flags=re.M)
text = re.sub(r"(=>|\n  ) (ADDRESS|0x[0-9a-f]+) ?: .*", r"\1 \2", text)
text = re.sub(r"rdtime a0|csrr a0, time", "INSN", text)  # with Capstone, and without
text = re.sub(r"(user|supervisor) [0-9,]+\)", r"\1 N)", text)
sys.stdout.write(re.sub(r" +(\n?)", lambda blank: blank[1] or " ", text))
END
# transcript <name> <words of level 1>
transcript() {
    run 0 debug --batch "${nested[@]}" --append "$2" -x "$SRC/tests/golden/$1.in" "$type1"
    python3 mask.py <out >transcript
    [[ -z ${RENEW:-} ]] || cp transcript "$SRC/tests/golden/$1.out"
    diff -u "$SRC/tests/golden/$1.out" transcript || fail "another transcript: $1"
}
transcript levels relay=off
# Level 0 relays between levels 2 and 3: level 1 takes no part, and nobody says that it does.
transcript levels_relay ''

# What cannot be chosen.
refused() {
    printf 'break 0x40 mode user\ncontinue\n%s\n' "$1" >script
    run 1 debug --batch "${nested[@]}" -x script "$type1"
    in_file out "$2"
}
refused 'level 0' 'level 0 is pz itself'
refused 'level 4' 'there is no level 4: the highest is 3'
refused 'level 2 innermost.elf' 'the kernel of level 2 is known'
refused 'level 3 missing.elf' 'missing.elf: '

# Registers are right wherever they are: on the CPU, in the page that is shared, or in the hart that
# the monitor keeps; and so without acceleration.
while read -r steps words; do
    printf '%s\n' 'break 0x40 mode user if s1 == 5' continue 'level 3' 'print s1' trap 'level 3' 'print s1' \
        "step $steps" 'level 3' 'print s1' >script
    run 0 debug --batch "${nested[@]}" --append "$words" -x script "$type1"
    [[ $(grep -c '^0x5 = 5$' out) == 3 ]] || fail "registers of level 3 ($words)"
done <<'END'
150
1000 accel=off
1000 relay=off
END

# Without acceleration they are saved one by one: at each step they are the same, wherever they are.
{
    printf 'break 0x40 mode user if s1 == 5\ncontinue\nlevel 3\nprint s1\nprint a0\nprint t0\ntrap\n'
    for ((i = 0; i < 90; i++)); do printf 'level 3\nprint s1\nprint a0\nprint t0\nstep\n'; done
} >script
run 0 debug --batch "${nested[@]}" --append accel=off -x script "$type1"
grep -E '^0x[0-9a-f]+ = ' out | paste - - - >values
[[ $(wc -l <values) == 91 && $(sort -u values | wc -l) == 1 ]] || fail "registers on the way out: $(sort values | uniq -c)"

# Going back over stays of a guest's guest, and there again, is the same state.
cat >script <<'END'
break 0x40 mode user if s1 == 5
continue
hash
trap 8
back trap 8
continue
hash
END
for words in '' accel=off collapse relay=off; do
    run 0 debug --batch "${nested[@]}" --append "$words" -x script "$type1"
    [[ $(grep -cE '^[0-9a-f]{16}$' out) == 2 && $(grep -E '^[0-9a-f]{16}$' out | sort -u | wc -l) == 1 ]] ||
        fail "back over a nested stay ($words)"
done

# On a narrow terminal nothing is cut, and no line is longer.
printf 'break 0x40 mode user if s1 == 5\ncontinue\ntrap\nlevels\nwhy\n' >script
cat >narrow.py <<'END'
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if not pid:
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 50, 0, 0))
    os.execv(sys.argv[1], sys.argv[1:])
try:
    while text := os.read(fd, 4096):
        sys.stdout.buffer.write(text.replace(b"\r", b""))
except OSError:
    pass
END
python3 narrow.py "$PZ" debug --batch "${nested[@]}" -x script "$type1" >out
grep -A 9 '^ 1 type1.elf' out >rows
[[ $(awk 'length > 50' rows | wc -l) == 0 && $(grep -c '' rows) -ge 9 ]] || fail "levels, narrow"
grep -A 1 'trapped to level 2: illegal instruction,$' rows | grep -q '^   0xc0102573$' ||
    fail "levels, narrow: the state"
sed -n '/^Tried/,/^Changed/p' out >rows
[[ $(awk 'length > 50' rows | wc -l) == 0 ]] || fail "why, narrow"
in_file rows 'Level 2 '

# gdb's threads name the level.
if command -v gdb-multiarch >/dev/null; then
    setsid "$PZ" run "${nested[@]}" --gdb unix:s "$type1" >console 2>said </dev/null &
    server=$!
    until_by "$server" test -S s
    cat >script <<'END'
monitor break 0x40 mode user if s1 == 5
continue
info threads
monitor level 3
monitor print s1
kill
END
    timeout "$PATIENCE" gdb-multiarch -batch -nx -iex 'set confirm off' -iex 'set width 0' \
        -iex 'set auto-load off' -ex 'target remote s' -x script "$type1" >out 2>&1 </dev/null ||
        fail "gdb: exit code $?"
    timeout "$PATIENCE" tail --pid="$server" -f /dev/null || kill -9 "$server"
    in_file out 'level 3 of 3 runs: innermost.elf'
    in_file out '0x5 = 5'
fi
finish
