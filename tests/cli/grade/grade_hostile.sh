#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# pz grade and what students hand in by mistake or on purpose: files that do not compile, crash,
# loop, end the process, print verdicts of their own, or go for the grader's files. Each is named as
# what it is, gets no points for it, and changes nothing outside.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cc
need clang

walls=$("$PZ" doctor --json | python3 -c '
import json, sys
d = json.load(sys.stdin)
print("yes" if any(f["name"] == "libseccomp" and f["found"] for f in d["findings"]) else "no")')

# part <statements>: a file that runs them at the guest's first SRET
part() {
    cat >sret.c <<C
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "vmm/parts.h"
bool part_sret(struct hart *hart, const struct insn *insn, struct trap *trap)
{
    (void)hart, (void)insn, (void)trap;
    $1
    hart->pc = hart->sepc;
    return true;
}
C
}

# graded <outcome> <text>: every check comes out so, and the text says why
graded() {
    run 1 grade 03 sret.c --json
    json out "d['points'] == 0"
    json out "all(c['outcome'] == '$1' for c in d['checks'])"
    in_file out "$2"
}

# One check is enough here, and two seconds of the host's time.
mkdir -p home/examples/03-sret
cp "$SRC"/examples/03-sret/*.S home/examples/03-sret
for name in isa vmm tests; do ln -s "$SRC/$name" home/; done
python3 - "$SRC/examples/03-sret/grader.json" home/examples/03-sret/grader.json <<'PY'
import json, sys
d = json.load(open(sys.argv[1]))
d["checks"] = [c for c in d["checks"] if c["name"] in ("to user mode", "not for programs")]
d["seconds"] = 1
json.dump(d, open(sys.argv[2], "w"))
PY
export PZ_HOME=$PWD/home

part '*(volatile int *)0 = 1;'
graded crash 'in part_sret'
part 'abort();'
graded crash 'Aborted'
part 'exit(0);'
graded exit "ended its process (exit code 0)"
part '_exit(3);'
graded exit 'exit code 3'
part 'printf("{\"pass\":true}\nScore: 12/12\n"); fflush(stdout); exit(0);'
graded exit 'Score: 12/12'
run 1 grade 03 sret.c
in_file out 'printed:'
in_file out 'Score: 0/4'
# A verdict of its own, to every descriptor that is open.
part 'for (int fd = 3; fd < 64; fd++) if (write(fd, "{\"pass\":true}\n", 14) > 0) { }
    _exit(0);'
if [[ $walls == yes ]]; then
    graded forbidden 'the system call write'
else
    graded forged "no part of a monitor may do that"
fi

# Endless on the host, and in the guest: the one costs time, the other instructions.
part 'for (volatile int i = 0;; i++) ;'
graded time 'within 1 seconds of CPU time'
part 'hart->sepc -= 4;'
run 1 grade 03 sret.c --json
json out "all(c['outcome'] in ('fail', 'pass') for c in d['checks'])"

if [[ $walls == yes ]]; then
    echo precious >precious
    part "int fd = open(\"$PWD/precious\", O_WRONLY | O_TRUNC); if (fd >= 0) close(fd);"
    graded forbidden 'the system call open'
    part "unlink(\"$PWD/precious\");"
    graded forbidden 'the system call unlink'
    part 'kill(getpid(), 0);'
    graded forbidden 'the system call kill'
    part 'if (!fork()) for (;;) ;'
    graded forbidden 'the system call clone'
    part 'if (system("id")) exit(1);'
    graded forbidden 'the system call'
    part 'if (socket(AF_INET, SOCK_STREAM, 0) < 0) exit(1);'
    graded forbidden 'the system call socket'
    in_file precious precious
    # Before any check, too: when the file is loaded.
    part ';'
    printf '__attribute__((constructor)) static void early(void) { unlink("%s/precious"); }\n' "$PWD" >>sret.c
    graded forbidden 'the system call unlink'
    in_file precious precious
    # And in the debugger, which has the student's code in it.
    part 'hart->mode = HART_SUPERVISOR;'
    printf '__attribute__((constructor)) static void early(void) { if (getenv("MEAN")) unlink("%s/precious"); }\n' "$PWD" >>sret.c
    run 1 grade 03 sret.c
    MEAN=1 run 0 replay 03-sret.to-user-mode.pzr
    in_file precious precious
fi

# Memory without end is refused, not taken.
part 'for (;;) *(volatile char *)malloc(1 << 28) = 1;'
if ! grep -q __asan_init "$PZ"; then
    run 1 grade 03 sret.c --json
    json out "all(c['outcome'] in ('crash', 'time') for c in d['checks'])"
fi

# What does not compile: the compiler's words, none of ours around them.
part 'this is not C;'
run 1 grade 03 sret.c
in_file out 'sret.c:'
in_file out 'error'
in_file out 'did not compile'
in_file out 'Score: 0/4'
part 'hart_sret(hart);'
run 1 grade 03 sret.c
in_file out 'attempt to use poisoned "hart_sret"'
part 'no_such_function();'
run 1 grade 03 sret.c
in_file out 'no_such_function'
printf 'int x;\n' >sret.c
graded fail 'has no function part_NAME()'
CC=no-such-compiler run 3 grade 03 sret.c
in_file err "compiler 'no-such-compiler' not found"

# The command line.
run 2 grade
in_file err 'pz grade --list'
run 2 grade 03-srte sret.c
in_file err "did you mean '03-sret'"
run 2 grade 99
run 3 grade 03 missing.c
in_file err 'missing.c'
run 2 grade 03 "$SRC/README.md"
in_file err 'asks for no such file'
mkdir empty
run 2 grade 03 empty
(cd empty && "$PZ" grade 03) >out 2>err && fail "no file at all: exit code 0"
in_file err 'there is no sret.c here'
PZ_HOME=/nowhere run 3 grade --list
in_file err 'set PZ_HOME'
run 0 grade --list
in_file out '03-sret'
run 2 grade 03 sret.c --format latex
in_file err '--format'

# A recording of another file than the one that is there now is refused.
cp "$SRC/tests/solutions/03-sret/wrong1.c" sret.c
run 1 grade 03 sret.c
run 0 replay 03-sret.not-for-programs.pzr
echo '/* another */' >>sret.c
run 2 replay 03-sret.not-for-programs.pzr
in_file err 'has changed since this was recorded'
finish
