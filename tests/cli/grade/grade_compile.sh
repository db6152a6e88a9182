#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What is handed in is compiled behind a wall: it cannot take files of the grader's or of another
# student into itself, by whichever way the compiler or the assembler offers, nor keep a compiler
# busy. Without Landlock a class is refused.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cc
need clang

landlock=$("$PZ" doctor --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
print("yes" if any(f["name"] == "Landlock" and f["found"] for f in d["findings"]) else "no")')

solution=$SRC/tests/solutions/03-sret/solution.c
mkdir -p class/eve class/ann class/mallory tmp
export TMPDIR=$PWD/tmp
cp "$solution" class/ann/sret.c
echo '#define SECRET "a line that nobody else may see"' >secret

if [[ $landlock == no ]]; then
    cp "$solution" class/eve/sret.c
    run 3 grade 03 --all class
    in_file err 'no Landlock'
    PZ_GRADE_UNSAFE=1 run 0 grade 03 --all class
    in_file err 'no Landlock'
    run 0 grade 03 "$solution"
    in_file err 'grade only what you trust'
    finish
fi
run 0 grade 03 "$solution"
[[ ! -s err ]] || fail "something is said though all is well"

# closed <line>: a solution with this line does not compile, and nothing of the file is shown
closed() {
    { cat "$solution"; echo "$1"; } >sret.c
    run 1 grade 03 sret.c
    in_file out 'Score: 0/12'
    not_in_file out 'nobody else may see'
    not_in_file out 'root:'
}
for file in "$PWD/secret" /etc/passwd "$PWD/class/ann/sret.c" "$SRC/tests/solutions/03-sret/wrong1.c" \
    "$SRC/isa/hart.c" "$SRC/examples/03-sret/grader.json" /proc/self/environ /proc/self/cmdline; do
    [[ -r $file ]] || { fail "no $file"; continue; }
    closed "#include \"$file\""
    in_file out 'Permission denied'
    closed "__asm__(\".incbin \\\"$file\\\"\");"
    closed "__asm__(\".include \\\"$file\\\"\");"
done
closed '#include "../isa/hart.c"'
closed '#include "class/ann/sret.c"'
closed "__asm__(\".section .x; .incbin \\\"$PWD/tmp/../secret\\\"\");"
# What the compiler can say of a file without opening it must not be whether it is there.
cp "$solution" sret.c
echo '#if __has_include("vmm/parts.h")
int parts_are_there;
#else
#error
#endif' >>sret.c
run 0 grade 03 sret.c

# A part may call what cmake/parts.list has, such as decoding; not what would be the answer itself.
{ echo '#include "isa/decode.h"'; sed '/^bool part_sret/,/^{/ s/^{/{ if (decode_insn(0x13).id == INSN_ILLEGAL) return false;/' "$solution"; } >sret.c
grep -q decode_insn sret.c || fail "no call of decode_insn() in $solution"
run 0 grade 03 sret.c
sed 's/^ *return hart_interrupt(hart);/    hart->sip = board_sip(board, hart, hart_time(hart));\n&/' \
    "$SRC/tests/solutions/09-lost-interrupt/solution.c" >timer.c
grep -q board_sip timer.c || fail 'no call of board_sip() in timer.c'
run 1 grade 09 timer.c
in_file out 'poisoned "board_sip"'

# The same for guests, which clang assembles and lld links.
guest=$SRC/tests/solutions/02-witness/solution
run 0 grade 02 "$guest"
mkdir mine
cp "$guest"/*.S mine
for line in ".incbin \"$PWD/secret\"" "#include \"$PWD/secret\"" ".include \"$PWD/secret\"" \
    ".section .deplibs,\"MS\",@llvm_dependent_libraries,1; .asciz \"$PWD/secret\""; do
    { cat "$guest/popf.S"; echo "$line"; } >mine/popf.S
    run 1 grade 02 mine
    not_in_file out 'nobody else may see'
    in_file out 'popf.S was not given or did not compile'
done

# And for a program of a system, which is compiled and put into it in two steps.
server=$SRC/tests/solutions/20-server/solution.c
for line in "#include \"$PWD/secret\"" "__asm__(\".incbin \\\"$PWD/secret\\\"\");" \
    '#include "../mini/kernel/proc.c"'; do
    { cat "$server"; echo "$line"; } >store.c
    run 1 grade 20 store.c
    in_file out 'Score: 0/20'
    in_file out 'store.c was not given or did not compile'
    not_in_file out 'nobody else may see'
done

# Another's file by a link: it is not taken.
ln -s ../ann/sret.c class/eve/sret.c
ln -s "$PWD/secret" class/mallory/sret.c
run 0 grade 03 --all class
grep -q '^ann,03-sret,12,12,complete' out || fail "the honest one is not graded"
grep -q '^eve,03-sret,0,12,nothing handed in' out || fail "a link to another's file is taken"
grep -q '^mallory,03-sret,0,12,nothing handed in' out || fail "a link to the grader's file is taken"

# A compiler has ten seconds of CPU: this one would have work for ever, with little memory.
printf '#if __INCLUDE_LEVEL__ < 60\n#include "sret.c"\n#include "sret.c"\n#endif\n' >sret.c
python3 - "$PZ" <<'PY' || fail "a compiler without end is not ended in time"
import json, resource, subprocess, sys
done = subprocess.run([sys.argv[1], "grade", "03", "sret.c", "--json"], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
d = json.loads(done.stdout)
assert done.returncode == 1 and not d["files"][0]["built"] and d["points"] == 0, d
assert "CPU time limit" in d["files"][0]["compiler"], d["files"]
# Not exactly ten: for the limit the kernel counts ticks, and on a loaded machine those are a sample.
assert used.ru_utime + used.ru_stime < 20, used
PY
# Nor may it take all memory, or fill the disk.
{
    echo '#define A0(x) x x x x x x x x'
    for i in {1..12}; do echo "#define A$i(x) A$((i - 1))(A$((i - 1))(x))"; done
    echo 'A12(int;)'
} >sret.c
run 1 grade 03 sret.c --json
json out "not d['files'][0]['built'] and d['points'] == 0"
{ cat "$solution"; echo 'char large[1ull << 33] = {1};'; } >sret.c
run 1 grade 03 sret.c --json
json out "not d['files'][0]['built'] and d['points'] == 0"
[[ -z $(ls tmp) ]] || fail "what was built is left behind: $(ls tmp)"
finish
