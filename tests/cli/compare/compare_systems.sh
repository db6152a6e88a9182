#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Systems side by side: the figures hang together as the designs say. The figures themselves, and what
# survives, are held against docs/taxonomy.md by cli/zoo/taxonomy_doc.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest
need python3

run 0 compare --systems --runs 2 --json
python3 - <<'END' || fail "the figures do not hang together"
import json
d = json.load(open("out"))
assert d["schema"] == "pz-systems/1"
systems = {s["system"]: s for s in d["systems"]}
def works(name):
    return {w["program"]: w for w in systems[name]["works"]}
mono, vm = works("monolithic"), works("vm")
for program in mono:  # equivalence; and an exit or more for each trap
    assert mono[program]["instructions_tenths"] == vm[program]["instructions_tenths"] > 0
    assert mono[program]["crossings_tenths"] <= vm[program]["crossings_tenths"]
assert works("exo")["nullcall"]["crossings_tenths"] == 0  # a function of the library
assert works("micro")["nullcall"]["crossings_tenths"] == 20  # a message there and one back
assert works("container")["nullcall"]["crossings_tenths"] == 10  # one kernel for all
for s in systems.values():
    assert s["trusted_lines"] > 1000 and s["pages"] > 50 and len(s["ratio"]) == 2
assert all(r == 1 for r in systems["monolithic"]["ratio"])
lost = {c["part"]: [k for k, v in c["works"].items() if not v] for s in d["systems"] for c in s["crashes"]}
for name in "monolithic", "micro", "exo", "container":  # whatever stands above a kernel ends with it
    assert [sum(c["works"].values()) for c in systems[name]["crashes"] if c["part"] == "the kernel"] == [0]
assert lost["fs"] == ["written files"] and lost["proc"] == lost["mem"] == ["running programs"]
assert lost["a box (halt in it)"] == lost["the kernel of one VM of two"] == []
assert lost["a program"] == lost["a program in a box"] == lost["con"] == lost["null"] == []
# The same fault in all, at the same count.
assert {c["fault"].split(",")[0] for s in d["systems"] for c in s["crashes"] if "fault" in c} == {"3000000"}
END

# micro's parts are those that it names.
"$PZ" bare micro.elf --append crash 2>err </dev/null | grep -E '^[a-z]+$' | sort >named
python3 -c '
import json
d = json.load(open("out"))
for s in d["systems"]:
    if s["system"] == "micro":
        print("\n".join(sorted(c["part"] for c in s["crashes"] if not c["part"].startswith(("the ", "a ")))))' | cmp -s - named || fail "other parts than micro's"

run 0 compare --systems --runs 1 --markdown
in_file out '| system | nullcall | pingpong | fileread | forkexec | classify |'
grep -qE '^\| exo \| [0-9.]+ \|' out || fail "no row of a table"
run 2 compare --systems mini.elf
in_file err '--systems compares the bundled systems'
run 2 compare --systems --append ls
PZ_GUESTS=/nonexistent run 3 compare --systems
in_file err 'mini-common.elf'
finish
