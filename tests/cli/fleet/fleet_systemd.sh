#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The unit page-zero@.service: systemd finds nothing wrong with it, and what it says to run saves a
# group of VMs that is stopped, goes on with it, and begins anew after one that has ended. (Its
# commands are run as systemd would run them: a test does not take over the machine's.)
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need python3
need_guest
unit=$SRC/packaging/fleet/systemd/page-zero@.service

if [[ -n $(type -P systemd-analyze) ]]; then
    # Where pz is not installed, its path is not there, and manual pages are not either.
    sed "s,/usr/bin/pz,$PZ,g; /^Documentation=/d" "$unit" >'page-zero@.service'
    systemd-analyze verify --man=no 'page-zero@lab.service' >out 2>&1 ||
        grep -q 'Failed to.*\(bus\|initialize manager\)' out || fail "systemd-analyze verify"
    ! grep -i 'page-zero@' out || fail "systemd-analyze complains"
fi

python3 - "$PZ" "$unit" <<'PY' || fail "start, stop, start"
import os, re, subprocess, sys, time
pz, unit = sys.argv[1:]
text = re.sub(r"\\\n\s*", "", open(unit).read())

def commands(key):
    """A key's commands as systemd runs them, with this pz."""
    for line in re.findall(rf"^{key}=(.*)$", text, re.M):
        line = line.replace("/usr/bin/pz", pz).replace("%t/page-zero/%i", os.getcwd() + "/run")
        line = line.replace("%S/page-zero/%i", os.getcwd() + "/state")
        shell = re.fullmatch(r"/bin/sh -c '(.*)'", line)
        yield ["/bin/sh", "-c", shell[1].replace("$$", "$")] if shell else line.split()

os.mkdir("run")
os.mkdir("state")
env = dict(os.environ, RUNTIME_DIRECTORY=os.getcwd() + "/run", PZ_RESTORE="--engine spec",
           PZ_ARGUMENTS="--engine spec --vms 1 --append usertests")

def start():
    return subprocess.Popen(next(commands("ExecStart")), env=env, cwd="state", stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

def ended(service, result="success"):
    printed = service.communicate()[0].decode()
    for words in commands("ExecStopPost"):
        subprocess.run(words, cwd="state", check=True, env=dict(env, SERVICE_RESULT=result))
    return printed

whole = subprocess.run([pz, "run", "--vms", "1", "--append", "usertests"], capture_output=True,
                       stdin=subprocess.DEVNULL).stdout.decode()
service, printed = start(), b""
while b"usertests" not in printed:
    printed += os.read(service.stdout.fileno(), 4096)
for words in commands("ExecStop"):
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
first = printed.decode() + ended(service)
if os.listdir("state") != ["machine.pzs"]:
    sys.exit(f"stopped, it left {os.listdir('state')}")
service = start()
rest = ended(service)
if service.returncode or first + rest != whole:
    sys.exit(f"exit code {service.returncode}; it printed {first!r}, then {rest!r}")
if os.listdir("state"):
    sys.exit(f"ended, it left {os.listdir('state')}")
open("state/machine.pzs", "w").close()
ended(start(), "exit-code")
if os.listdir("state") != ["machine.pzs"]:
    sys.exit("a failure took the last snapshot away")
PY
finish
