#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A session of somebody at a terminal, recorded: paced, typed at, paused and gone on with. It
# replays to the same bytes on the console and, at its end, the same registers and RAM, on every
# engine; the debugger reaches the same state in it; and what it is compared with is not empty.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest

python3 - "$PZ" <<'END' || fail "the session"
import fcntl, os, pty, re, select, subprocess, sys, time
pz = sys.argv[1]
pid, screen = pty.fork()
if pid == 0:
    os.environ["TERM"] = "dumb"
    os.execv(pz, [pz, "run", "--vms", "1", "--record", "session.pzr"])
seen = b""
def until(text):
    global seen
    start, end = len(seen), time.time() + 600
    while text not in seen[start:]:
        if time.time() > end:
            sys.exit(f"no {text!r} but {seen[start:]!r}")
        if select.select([screen], [], [], 0.1)[0]:
            seen += os.read(screen, 65536)
def type(keys):
    os.write(screen, keys)
until(b"\r\n$ ")
type(b"echo hello\r"); until(b"hello\r\nhello\r\n$ ")
type(b"ec"); time.sleep(0.2); type(b"ho slow"); time.sleep(0.1); type(b"ly\r"); until(b"$ ")
type(b"sleep 1; echo awake\r"); until(b"awake\r\nawake\r\n$ ")
type(b"forktest\r\x01 "); until(b"paused"); time.sleep(0.1); type(b"\x01 "); until(b"$ ")
held = fcntl.ioctl(screen, 0x5441, os.O_RDWR | os.O_NOCTTY)  # TIOCGPTPEER: see tests/cli/screen.py
type(b"halt\r")
if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
    sys.exit("the run failed")
os.write(held, b"\0")
while b"\0" not in seen:
    seen += os.read(screen, 65536)
seen = seen.replace(b"\0", b"")
shown = seen.decode().replace("\r", "")
hashes = set()
for engine in ("spec", "jit", "unicorn"):
    ran = subprocess.run([pz, "replay", "--engine", engine, "session.pzr"], capture_output=True,
                         text=True)
    if ran.returncode == 3:
        continue  # this pz has no such engine
    if ran.returncode:
        sys.exit(f"{engine}: {ran.stderr}")
    states = int(re.search(r"([\d,]+) states? compared", ran.stderr)[1].replace(",", ""))
    if not states:
        sys.exit("no state was compared")
    # The terminal showed the monitor's own lines besides, and in between.
    rest = iter(shown)
    if not ran.stdout or not all(character in rest for character in ran.stdout):
        sys.exit(f"{engine} prints what the session did not: {ran.stdout!r}, not {shown!r}")
    json = subprocess.run([pz, "replay", "--json", "--engine", engine, "session.pzr"],
                          capture_output=True, text=True).stdout
    hashes.add(re.search(r'"hash": "(\w+)"', json)[1])
if len(hashes) != 1:
    sys.exit(f"not the same RAM and registers at the end: {hashes}")
open("state", "w").write(hashes.pop())
END

# The debugger runs it as well, to the same state, and back in it.
printf '%s\n' 'continue' 'hash' 'goto 400000' 'goto 500000' 'back' 'step' 'print retired' >walk.txt
run 0 debug session.pzr --batch -x walk.txt
[[ ! -e state ]] || in_file out "$(<./state)"
in_file out "500000"

finish
