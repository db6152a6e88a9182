#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Student code that never comes back is ended by its time on the CPU, whatever the host's clock says.
# The limits themselves are waited for, so this takes what they allow: 20 seconds of CPU.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need cc
need clang

cat >sret.c <<'C'
#include "vmm/parts.h"
bool part_sret(struct hart *hart, const struct insn *insn, struct trap *trap)
{
    (void)hart, (void)insn, (void)trap;
    for (;;)
        ;
}
C
# Never coming back costs a submission 20 seconds of CPU at most, asleep none.
python3 - "$PZ" <<'PY' || fail "endless code is not ended as it should"
import json, resource, subprocess, sys
done = subprocess.run([sys.argv[1], "grade", "03", "sret.c", "--json"], capture_output=True)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
d = json.loads(done.stdout)
assert done.returncode == 1 and d["points"] == 0, done
assert all(c["outcome"] == "time" for c in d["checks"]), d["checks"]
assert "within 10 seconds" in d["checks"][0]["message"], d["checks"][0]
assert "within 1 seconds" in d["checks"][1]["message"], d["checks"][1]
assert used.ru_utime + used.ru_stime < 25, used
PY
finish
