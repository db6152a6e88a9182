#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The kinds of machine: a tree in which each term has its place, and leaves whose commands run as
# they are shown. What they cost is in cli/zoo/taxonomy_doc.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need python3

run 0 zoo --json
json out 'd["schema"] == "pz-zoo/1" and len(d["terms"]) > 20'
json out '(lambda names: all(t["parent"] is None and i == 0 or t["parent"] in names[:i]
    for i, t in enumerate(d["terms"])))([t["term"] for t in d["terms"]])'
json out '(lambda parents: all(("command" in t) != (t["term"] in parents) for t in d["terms"]))(
    {t["parent"] for t in d["terms"]})'
json out 'all(t["sentence"].endswith(".") and t["source"] for t in d["terms"])'
cp out tree

# A command runs as it is shown, from any folder.
run 0 zoo microkernel
in_file out "  \$ pz bare micro.elf --append 'nullcall 1100'"
in_file out 'source: Liedtke 1995'
command=$(sed -n 's/^  \$ pz //p' out)
eval "\"\$PZ\" $command" >out 2>err </dev/null || fail "the microkernel's command"
in_file out 'nullcall: 1100 times'

# The whole tree has each of them; a term with kinds below it lists those.
run 0 zoo
python3 - tree out <<'END' || fail "the tree is not that of the document"
import json, sys
terms = json.load(open(sys.argv[1]))["terms"]
lines = [line.strip() for line in open(sys.argv[2])]
assert [t["term"] for t in terms] == [l for l in lines if l in {t["term"] for t in terms}]
END
run 0 zoo kernel
in_file out 'kinds: monolithic microkernel exokernel'

# Costs: a VM retires what the bare machine does, and has exits besides.
run 0 zoo --run monolithic --json
cp out bare
run 0 zoo --run trap-and-emulate --json
python3 - bare out <<'END' || fail "a VM is not equivalent"
import json, sys
bare, vm = (json.load(open(name))["terms"][0] for name in sys.argv[1:])
assert bare["instructions_tenths"] == vm["instructions_tenths"] > 0
assert bare["counted_tenths"] == 10 < vm["counted_tenths"]
END

# Of the machines that are software alone, what an instruction takes on this host; and all of them are there.
for leaf in simulator predecoding-interpreter dynamic-translator emulator; do
    "$PZ" zoo --run "$leaf" --json >out 2>err || { grep -q "there is no '" err || fail "$leaf"; continue; }
    json out 'd["terms"][0].get("host_ns_each", 1) > 0 and d["terms"][0]["instructions_tenths"] > 1000'
done

# On a narrow terminal lines are no longer than it, but for words that are; no colours for NO_COLOR.
python3 - "$PZ" <<'END' || fail "a narrow terminal"
import fcntl, os, pty, struct, sys, termios
WIDTH = 40
child, fd = pty.fork()
if child == 0:
    fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
    os.environ.update(NO_COLOR="1", TERM="xterm")
    os.execv(sys.argv[1], [sys.argv[1], "zoo"])
text = b""
while True:
    try:
        part = os.read(fd, 65536)
    except OSError:
        break
    if not part:
        break
    text += part
os.waitpid(child, 0)
lines = text.decode().replace("\r", "").split("\n")
assert len(lines) > 100 and "\x1b" not in text.decode()
assert all(len(line) <= WIDTH or " " not in line.strip() for line in lines), max(lines, key=len)
END

# Refusals.
run 2 zoo microkernl
in_file err "did you mean 'microkernel'?"
run 2 zoo --run kernel
in_file err "'kernel' has other kinds below it"
run 2 zoo a b
PZ_GUESTS=/nonexistent run 3 zoo --run monolithic
in_file err 'mini-common.elf'

# The name of a bundled guest is one only where there is no such file.
echo nothing >micro.elf
run 2 bare micro.elf
in_file err 'micro.elf'
finish
