#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Source lines and stacks: of the kernel and of a user program, through traps; debug information
# that is missing, damaged or hostile costs the lines and nothing else.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
"$PZ" doctor --json | python3 -c '
import json, sys
sys.exit(not any(f["name"] == "libdw" and f["found"] for f in json.load(sys.stdin)["findings"]))' ||
    skip "pz was built without libdw"

# debug <exit code> <guest> [options]: the commands are on standard input, the answers in out
debug() {
    local expected=$1 guest=$2 code=0
    shift 2
    timeout "$PATIENCE" "$PZ" debug "$@" "$guest" >out 2>err || code=$?
    ((code == expected)) || fail "pz debug $*: exit code $code, not $expected"
    ! grep -qE 'Sanitizer|runtime error:' err || fail "a sanitizer complains"
}

# Where the kernel and a program of its are written down.
line_of() {
    grep -nF -- "$2" "$SRC/guestos/$1" | head -n 1 | cut -d: -f1
}
call=$(line_of mini/kernel/sysfile.c 'int32_t sys_write(')
debug 0 "$PZ_GUESTS/mini.elf" --append ls <<END
break sysfile.c:$call
continue
bt
list
list sysfile.c:$call
break kernel/sysfile.c:$((call + 2))
finish
program $PZ_GUESTS/user/ls.elf
bt
list
x/2i
END
in_file out "breakpoint 1: sysfile.c:$call, at 0x"
in_file out "(sys_write) at sysfile.c:"
grep -qE '^#1 .*\(syscall\+0x[0-9a-f]+\) at syscall\.c:[0-9]+$' out || fail "no caller"
grep -qE '^#[0-9] .*\(trap\+0x[0-9a-f]+\) at trap\.c:[0-9]+$' out || fail "no trap handler"
in_file out "--- trapped in user mode: ecall from user mode"
in_file out "int32_t sys_write(const uint32_t *arg)"
grep -qE '^=> +[0-9]+ .*SYSCALL\(19, write\)' out || fail "no user source"
grep -qE '^#[0-9] .*\(main\+0x[0-9a-f]+\) at ' out || fail "no user stack"

# The kernel's names are not a program's, nor a program's the kernel's.
debug 0 "$PZ_GUESTS/mini.elf" --append ls --json <<END
program $PZ_GUESTS/user/ls.elf
break ls.c:$(line_of common/programs/ls.c 'printf(')
continue
bt
END
python3 - <<'END' || fail "a program's breakpoint: wrong place"
import json
answers = [json.loads(line) for line in open("out")]
assert answers[2]["data"]["stop"] == "point" and answers[2]["mode"] == "user", answers[2]
assert answers[2]["data"]["symbol"].startswith("(main"), answers[2]
stack = answers[3]["data"]["stack"]
assert stack[0]["file"].endswith((".c", ".h")) and stack[0]["line"] > 0, stack
END

# No such line, no such file, no source, no information.
debug 1 "$PZ_GUESTS/mini.elf" <<END
break nowhere.c:1
break sysfile.c:99999
list nowhere.c:1
program /no/such
program
list 0xdead0000
END
in_file out "no code is known for nowhere.c:1"
in_file out "no code is known for sysfile.c:99999"
in_file out "/no/such"
in_file out "no source line is known for 0xdead0000"

# A micro-guest in assembly: a stack through three traps, each finished in its turn.
debug 0 "$PZ_GUESTS/t_nested.elf" <<END
catch inject
continue
continue
continue
bt
delete
finish
print s0
finish
print s0
END
(($(grep -c '^--- trapped in supervisor mode' out) == 2)) || fail "not nested twice"
(($(grep -c '^--- trapped in user mode' out) == 1)) || fail "no user at the bottom"
values=$(grep -oE '^0x[0-9a-f]+ = [0-9]+' out | cut -d' ' -f3 | tr '\n' ' ')
[[ $values == "2 1 " ]] || fail "finish: depths $values, not 2 1"

# The end of a VM, however it comes.
for how in "--append halt" "--max-insns 100k"; do
    # shellcheck disable=SC2086
    debug 0 "$PZ_GUESTS/mini.elf" $how <<END
catch end
continue
END
    in_file out "catchpoint 1 in vm0: end"
done

# Devices, register by register.
debug 0 "$PZ_GUESTS/t_uart.elf" <<END
catch mmio
continue
into all
END
grep -qE "the UART's [A-Z]{3} at gpa 0x1000000[0-7] (is set to|gives|reads) 0x[0-9a-f]{2}" out ||
    fail "into does not tell of the UART"

# Hostile stacks: sp and s0 anywhere, ra pointing to itself; the walk ends, and soon.
debug 0 "$PZ_GUESTS/t_all4g.elf" <<END
bt
step 50
bt
step 500
bt
END
(($(wc -l <out) < 300)) || fail "a stack without end"

# Damaged debug information: never a crash, never a hang, never another run.
python3 "$SRC/tests/cli/debug/damage.py" "$PZ" "$PZ_GUESTS/mini.elf" "${PZ_FUZZ_ROUNDS:-40}" 11 \
    'goto 200000; bt; dis; break trap.c:40; list trap.c:40; print pc' .debug ||
    fail "hostile DWARF"

# Lines of functions that the linker left out stand at address 0 and up: they are not the boot code's.
echo 'step 20' >boot
run 0 debug --batch -x boot
in_file out 'entry_physical'
not_in_file out 'string.c'

finish
