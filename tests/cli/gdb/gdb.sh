#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# gdb itself drives guests, by scripts: kernel and user code, threads, watchpoints, backwards; and
# what becomes of the guests when it detaches, is interrupted or is killed.
# shellcheck disable=SC2016 # a $ in single quotes is gdb's
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need gdb-multiarch
need_guest
guests=${PZ_GUESTS:-$BUILD/guests}
server=

# serve <words of pz>...: pz in the background, waiting for gdb at the socket s; not through a
# shell, which would have it ignore SIGINT
serve() {
    rm -f s
    setsid env --default-signal "$PZ" "$@" --gdb unix:s >console 2>said </dev/null &
    server=$!
    until_by "$server" test -S s
}

# over <exit code>: pz has ended with it
over() {
    local code=0
    timeout "$PATIENCE" tail --pid="$server" -f /dev/null || kill -9 "$server"
    wait "$server" || code=$?
    ((code == $1)) || fail "pz: exit code $code, not $1"
    ! grep -qE 'Sanitizer|runtime error:' said || fail "a sanitizer complains: $(<said)"
}

gdb_words=(gdb-multiarch -batch -nx -iex 'set sysroot' -iex 'set confirm off'
    -iex 'set width 0' -iex 'set auto-load off' -ex 'target remote s')

# by_gdb <name>: gdb runs the commands on standard input; what it says is in out
by_gdb() {
    cat >"$1.gdb"
    timeout "$PATIENCE" "${gdb_words[@]}" -x "$1.gdb" "$guests/mini.elf" >out 2>&1 </dev/null ||
        fail "$1: gdb: exit code $?"
    ! grep -q '^Error\|warning: Remote\|[Ii]gnoring packet error\|in sourced command file' out || fail "$1: gdb complains"
}

# ---- Kernel code, CSRs, threads ----
serve run --vms 2 --append ls
by_gdb kernel <<'END'
info threads
print $priv
break syscall
continue
backtrace
print/x $satp >> 31
print $scause
set $before = $pc
stepi
print $pc != $before
reverse-stepi
print $pc == $before
break syscall thread 2
delete 1
continue
info threads
next
delete
detach
END
in_file out 'Thread 1 "vm0" (mini.elf, supervisor, 0 instructions)'
in_file out 'Thread 2 "vm1" (mini.elf, supervisor, 0 instructions)'
in_file out 'Thread 1 "vm0" hit Breakpoint 1, syscall (tf='
in_file out ' trap_entry () at '
grep -q '^#1 .* user_ecall (tf=' out || fail 'backtrace: who called syscall()?'
[[ $(grep -E '^\$[0-9]' out) == '$1 = 1
$2 = 0x1
$3 = 8
$4 = 1
$5 = 1' ]] || fail 'registers'
in_file out 'Thread 2 "vm1" hit Breakpoint 2, syscall (tf='
grep -q '^\* 2 .*syscall' out || fail 'which thread?'
over 0
[[ ! -e s ]] || fail 'the socket is left behind'
in_file console '[vm1] r-    375 readme'
not_in_file console 'breakpoint'

# ---- User code: the address is the kernel's too, as long as nobody asks for the mode ----
serve debug --append primes
by_gdb user <<END
add-symbol-file $guests/user/primes.elf
monitor gdb points mode user
break primes.c:main
continue
print \$priv
print argc
backtrace
next
info threads
monitor gdb points
kill
END
in_file out 'Breakpoint 1, main (argc=1, argv='
in_file out "\$1 = 0"
in_file out "\$2 = 1"
over 0

# ---- Watchpoints, both ways ----
serve run --vms 1 --append ls
by_gdb watch <<'END'
break kernel_main
continue
watch next_pid
continue
continue
print next_pid
delete 1
break sched_yield
monitor gdb points
continue
reverse-continue
print next_pid
x/1i $pc
stepi
print next_pid
reverse-continue
reverse-continue
delete
reverse-continue
print $pc
awatch next_pid
continue
delete
continue
END
# Each write forwards; the last one undone, made again by a step, and all three undone.
[[ $(sed -n 's/^New value = //p; s/^\$[0-9]* = \([0-9]*\)$/\1/p' out | tr '\n' ' ') == '2 3 3 4 3 3 4 4 3 2 ' ]] ||
    fail 'values'
grep -A1 '^\$2 = 3' out | grep -q 'sw' || fail 'not at the write'
in_file out 'No more reverse-execution history.'
in_file out 'Hardware access (read/write) watchpoint 4: next_pid'
in_file out 'Value = '
in_file out 'exited normally'
over 0

# ---- The debugger's commands; memory as QEMU gives it ----
serve run --vms 2 --append ls
by_gdb monitor <<'END'
monitor vms
monitor catch trap ecall-user
continue
monitor why
monitor gdb
thread 2
monitor regs
monitor goto 100
maintenance flush register-cache
print/x $pc
x/1xw 0
maintenance packet Qqemu.PhyMemMode:1
x/1xw 0
monitor gdb
set var $t0 = $t0
monitor gdb end stay
thread 1
monitor delete
continue
reverse-stepi
kill
END
in_file out 'catchpoint 1 in vm0: trap ecall-user'
in_file out 'Popek & Goldberg'
in_file out 'gdb memory virtual'
in_file out 'gdb memory physical'
in_file out 'maintenance flush register-cache'
in_file out 'No more reverse-execution history.'
over 0

# more_than <count>: so often has pz said that gdb is gone, and once more
more_than() { (($(grep -c 'gdb is gone' said) > $1)); }

# ---- Interrupted, killed, gone: the guests stand still, and another gdb finds them there ----
# until_out <text>: gdb in the background has said it
until_out() {
    until_so grep -qF -- "$1" out
}

# in_background <name>: as by_gdb, but does not wait; its process is $gdb
in_background() {
    cat >"$1.gdb"
    setsid env --default-signal "${gdb_words[@]}" -x "$1.gdb" "$guests/mini.elf" >out 2>&1 \
        </dev/null &
    gdb=$!
}

serve run --vms 2
in_background interrupt <<'END'
echo going on\n
continue

print $pc != 0
shell sleep 600
END
until_out 'going on'
until_so test -s console # the guests run
kill -INT "$gdb"
until_out 'received signal SIGINT'
until_out '$1 = 1'
kill -9 "$gdb"
wait "$gdb" 2>/dev/null
by_gdb again <<'END'
info threads
disconnect
END
cp out first
in_background running <<'END'
info threads
echo going on\n
continue
END
until_out 'going on'
grep 'Thread 1' first | cut -c3- >one
grep 'Thread 1' out | cut -c3- >two
cmp -s one two || fail 'the guests did not stand still'
sleep 1 # for most machines to have the guests run again; where not, the rest holds as well
gone=$(grep -c 'gdb is gone' said)
kill -9 "$gdb"
wait "$gdb" 2>/dev/null
until_so more_than "$gone"
by_gdb still <<'END'
info threads
stepi
disconnect
END
grep -q 'Thread 1.* [1-9][0-9]* instr' out || fail 'nothing has run'

# A second one is told so; the first goes on.
in_background one <<'END'
echo here\n
shell until [ -e other_done ]; do sleep 0.05; done
stepi
echo done\n
kill
END
until_out 'here'
timeout "$PATIENCE" "${gdb_words[@]}" >other 2>&1 </dev/null
touch other_done
in_file other 'another gdb is connected'
until_out 'done'
over 0

# ---- A recorded session of somebody at a terminal: both ways, to the same state; as it was ----
python3 - "$PZ" <<'END' || fail 'the session'
import os, pty, select, sys, time
pid, screen = pty.fork()
if pid == 0:
    os.environ["TERM"] = "dumb"
    os.execv(sys.argv[1], [sys.argv[1], "run", "--vms", "1", "--record", "session.pzr"])
seen = b""
def until(text):
    global seen
    end = time.time() + 600
    while text not in seen:
        if time.time() > end:
            sys.exit(f"no {text!r} but {seen!r}")
        if select.select([screen], [], [], 0.1)[0]:
            seen += os.read(screen, 65536)
    seen = seen[seen.index(text) + len(text):]
until(b"\r\n$ ")
for keys in (b"echo he", b"llo\r", b"ls\r"):
    time.sleep(0.2)
    os.write(screen, keys)
until(b"readme")
until(b"$ ")
os.write(screen, b"halt\r")
try:
    while os.read(screen, 65536):
        pass
except OSError:
    pass
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
END
run 0 replay --json session.pzr
hash=$(sed -n 's/.*"hash": "\(.*\)".*/\1/p' out)
run 0 replay session.pzr
cp out shown
for verb in replay debug; do
    serve "$verb" session.pzr
    by_gdb recorded <<'END'
break *fork_process
continue
print next_pid
continue
print next_pid
continue
print next_pid
continue
print next_pid
continue
monitor hash
reverse-continue
print next_pid
reverse-continue
print next_pid
reverse-continue
print next_pid
reverse-continue
print next_pid
reverse-continue
monitor info position
delete
continue
monitor hash
disconnect
END
    # The shell, and a program for each line that was typed: forwards, and backwards again.
    [[ $(sed -n 's/^\$[0-9]* = \([0-9]*\)$/\1/p' out | tr '\n' ' ') == '2 3 4 5 5 4 3 2 ' ]] ||
        fail "$verb: values"
    [[ $(grep -cF 'No more reverse-execution history.' out) == 3 ]] || fail "$verb: its ends"
    in_file out 'all VMs: 0 instructions'
    [[ ${#hash} == 16 && $(grep -cx "$hash" out) == 2 ]] || fail "$verb: another state at the end"
    cmp -s shown console || fail "$verb: the console shows something else"

    # What is written is refused, and then nothing has changed; nor has it when gdb has left.
    timeout "$PATIENCE" "${gdb_words[@]}" -ex 'monitor goto 100000' \
        -ex 'maintenance flush register-cache' -ex 'set var $t0 = 1' \
        -ex 'set var $pc = 4' -ex 'set var $stvec = 4' -ex 'set var next_pid = 7' \
        -ex 'maintenance packet Qqemu.PhyMemMode:1' -ex 'set var *(int *)64 = 1' \
        -ex 'maintenance packet M40,1:ff' -ex 'maintenance packet P5=01000000' \
        -ex 'monitor type ls' -ex continue -ex 'monitor hash' \
        -ex detach "$guests/mini.elf" >out 2>&1 </dev/null
    [[ $(grep -c 'it can be inspected, not changed' out) == 5 ]] || fail "$verb: not refused"
    [[ $(grep -c 'Cannot access memory' out) == 2 ]] || fail "$verb: memory was written"
    in_file out 'input comes from the recording'
    grep -qx "$hash" out || fail "$verb: changed"
    over 0
done
run 2 replay --gdb 0 --json session.pzr
run 2 replay --gdb 0 "$guests/mini.elf"
run 2 debug --gdb 0 --input shown session.pzr

# ---- Ctrl-C at the server, with and without a client, and while guests run ----
for state in alone connected running; do
    serve run --vms 1
    if [[ $state != alone ]]; then
        in_background "$state" < <(
            printf 'echo here\\n\n'
            [[ $state == running ]] && echo continue || echo shell sleep 600
        )
        until_out 'here'
        [[ $state == connected ]] || until_so test -s console
    fi
    kill -INT "$server"
    over 130
    [[ ! -e s ]] || fail "$state: the socket is left behind"
    [[ $state == alone ]] || kill -9 "$gdb" 2>/dev/null
done

# ---- Clients that are none ----
serve run --vms 1
python3 - <<'END' || fail 'a client that is none'
import random, socket, struct, time
random.seed(4)
def client():
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(600)
    s.connect("s")
    return s
def ask(s, text):
    s.sendall(b"$" + text + b"#%02x" % (sum(text) % 256))
    got = b""
    while got.count(b"#") < 1 or len(got) < got.index(b"#") + 3:
        more = s.recv(4096)
        if not more:
            break
        got += more
    return got
def patient(text):
    for i in range(12000):           # the one before may not be seen to have gone
        s = client()
        got = ask(s, text)
        s.close()
        if b"another gdb" not in got:
            return got
        time.sleep(0.05)
    return b"never"
for i in range(40):
    s = client()
    kind = i % 5
    if kind == 0:
        s.sendall(random.randbytes(20000))
    elif kind == 1:
        s.sendall(b"$m0,")
    elif kind == 2:
        s.sendall(b"$g#67" * 3000)   # answers that nobody reads
    elif kind == 3:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        s.sendall(b"$?#3f")
    else:
        s.sendall(b"$" + b"x" * 300000 + b"#00")
    s.close()
    assert b"T05thread:1;" in patient(b"?"), i
# Noise does not stop a run; one that leaves while guests run, does, if they do not come to the
# breakpoint first. What it leaves behind is more than is kept for later.
for packets in (5000, 15000):
    s = client()
    s.sendall(b"$Z0,0,4#8c")
    s.sendall(b"$vCont;c#a8" + b"+++$g#67" * packets)
    s.close()
    stop = patient(b"?")
    assert b"T02thread" in stop or b"T05thread" in stop, stop
END
kill -INT "$server"
over 130

# ---- Addresses ----
serve run --vms 1
run 3 run --gdb "unix:$PWD/s"
in_file err 'in use'
kill -INT "$server"
over 130
python3 - >port <<'END' &
import socket, time
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
print(s.getsockname()[1], flush=True)
time.sleep(600)
END
holder=$!
until_so test -s port
run 3 run --gdb "$(<port)"
in_file err 'in use'
kill "$holder"
run 2 run --gdb 65536
in_file err '65536'
run 2 run --gdb nobody
run 2 debug --gdb unix:
run 2 run --gdb 0 --json
echo file >file
run 3 run --gdb unix:file
[[ $(<file) == file ]] || fail 'a file that is no socket'
for address in 0.0.0.0:0 localhost:0; do
    rm -f said
    setsid env --default-signal "$PZ" run --gdb "$address" >console 2>said </dev/null &
    server=$!
    until_so grep -q 'target remote' said
    [[ $address == localhost* ]] || until_so grep -q warning said
    port=$(sed -n "s/.*target remote \([^']*\)'.*/\1/p" said)
    if [[ $address == localhost* ]]; then
        not_in_file said warning
        timeout "$PATIENCE" gdb-multiarch -batch -nx -ex "target remote $port" -ex kill >out 2>&1 </dev/null
        over 0
    else
        in_file said 'warning: whoever can reach 0.0.0.0:'
        kill -INT "$server"
        over 130
    fi
done
finish
