#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Monitors inside monitors: the guest prints the same at each depth, and the innermost monitor sees
# the same exits, whatever is beneath it.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
need_guest

run 0 nest --append 'echo hi; ls' --depth 2 --json
json out 'd["schema"] == "pz-nest/1" and d["ok"] and [x["depth"] for x in d["depths"]] == [0, 1, 2]'
json out 'all(x["same"] and x["end"] == "off" for x in d["depths"])'
json out '"hi\n" in d["console"] and "usertests" in d["console"]'
json out 'len({x["exits"][x["depth"]] for x in d["depths"]}) == 1'
json out 'd["depths"][2]["exits"][0] > d["depths"][2]["exits"][1] > d["depths"][2]["exits"][2] > 0'

# With acceleration each level has two exits for one, and some for fences; without, about twelve.
run 0 nest --append ls --depth 3 --no-relay --json
json out 'd["ok"] and all(x["same"] for x in d["depths"])'
json out 'd["depths"][3]["exits"][0] < 20 * d["depths"][3]["exits"][3]'
# A monitor cannot tell how many are beneath it: each sees the same exits at every depth.
json out 'all(x["exits"][1:] == [y["exits"][0] for y in d["depths"][x["depth"] - 1 :: -1]] for x in d["depths"][1:])'
run 0 nest --append ls --depth 2 --no-accel --json
json out 'd["ok"] and d["depths"][2]["exits"][0] > 120 * d["depths"][2]["exits"][2]'

# Where the firmware fills shadow tables, the innermost monitor has fewer exits, and the guest prints the
# same; under each technique.
for monitor in plain translate assist; do
    run 0 nest --append 'echo hi; ls' --depth 2 --collapse --monitor $monitor --json
    json out 'd["ok"] and all(x["same"] for x in d["depths"])'
    json out '800 < d["depths"][2]["exits"][2] < 1600'
    json out 'd["depths"][2]["exits"][2] == d["depths"][1]["exits"][1]'
done

# Where the firmware relays between a monitor and its guests, nobody's exits change but level 0's: those
# that it relays are no exits of the monitor in between, which counts them all the same.
run 0 nest --append 'echo hi; ls' --depth 3 --no-relay --json
cp out plain
for monitor in plain translate assist; do
    run 0 nest --append 'echo hi; ls' --depth 3 --monitor $monitor --json
    json out 'd["ok"] and all(x["same"] and x["end"] == "off" for x in d["depths"])'
    python3 -c 'import json
a, b = (json.load(open(name))["depths"] for name in ("plain", "out"))
innermost = [(x["exits"][-1], y["exits"][-1]) for x, y in zip(a, b)]
assert all(x == y for x, y in innermost[1:]), innermost
assert b[3]["exits"][2] == b[2]["exits"][1]
assert b[2]["retired"] < 0.85 * a[2]["retired"], (b[2]["retired"], a[2]["retired"])' ||
        fail "relayed, $monitor"
done
# What a system call costs by that: two monitors are not twice as slow as one, and three not three times.
run 0 nest --append usertests --depth 3 --json
json out 'd["ok"] and d["depths"][2]["retired"] < 1.8 * d["depths"][1]["retired"]'
json out 'd["depths"][2]["exits"][0] < 1.15 * d["depths"][1]["exits"][0]'
# A guest that is no monitor has nothing to be relayed, and does not pay for it.
cp out relayed
run 0 nest --append usertests --depth 1 --no-relay --json
python3 -c 'import json
a, b = (json.load(open(name))["depths"][1]["retired"] for name in ("out", "relayed"))
assert b < 1.02 * a, (a, b)' || fail "what relaying costs those who have no use for it"

# Filled and relayed: the firmware has the tables of whichever world it has led to. Neither is given up
# for the other.
run 0 nest --append usertests --depth 2 --collapse --json
cp out both
run 0 nest --append usertests --depth 2 --no-relay --collapse --json
python3 -c 'import json
both, filled, relayed = (json.load(open(name))["depths"] for name in ("both", "out", "relayed"))
assert all(x["same"] and x["end"] == "off" for x in both)
assert both[2]["exits"][2] == filled[2]["exits"][2] < relayed[2]["exits"][2]
assert both[2]["exits"][0] < relayed[2]["exits"][0] < filled[2]["exits"][0]' || fail "filled and relayed"

# Machines with several harts: time passes there that none of the harts retires. Type 1 leaves the
# others where they are; its own guests may have several, too. (A turn's end takes a reservation away,
# and then an SC fails, and is tried again: counts of instructions differ by that.)
run 0 image --append 'echo hi; ls' --append 'primes' -o in.img
for cpus in 1 2; do
    run 0 image --mem 72M --cpus $cpus --machine virt --append stats --initrd in.img -o out.img "$PZ_GUESTS/type1.elf"
    for words in 'stats relay=off' stats 'stats collapse'; do
        run 0 run --cpus $cpus --machine virt --mem 168M --append "$words" --initrd out.img --json "$PZ_GUESTS/type1.elf"
        python3 -c 'import json, re
vm = json.load(open("out"))["vms"][0]
print(re.sub(r"^type1: world.*\n", "", vm["console"], flags=re.M), file=open("console", "w"))
print(vm["exits"]["total"], file=open("exits", "w"))'
        sed -E '/^type1: vm0 type1.elf/d; s/, instructions [0-9]+//' console >"console-$cpus-${words/ /-}"
        cp exits "exits-$cpus-${words/ /-}"
        cmp "console-$cpus-${words/ /-}" console-1-stats-relay=off >/dev/null || [[ $words == *collapse ]] ||
            fail "$cpus harts, '$words': not the same"
    done
    (($(<"exits-$cpus-stats") * 10 < $(<"exits-$cpus-stats-relay=off") * 8)) || fail "$cpus harts: nothing is relayed"
done

# Hostile guests, two monitors deep: they see what they see in a VM, and the monitors go on.
for guest in holes garbage smc top all4g worlds relays; do
    for words in '' --no-accel --no-relay --collapse '--collapse --no-relay'; do
        # shellcheck disable=SC2086 # several words
        run 0 nest --mem 8M --depth 2 --json $words "$PZ_GUESTS/t_$guest.elf"
        json out 'd["ok"] and all(x["same"] and x["end"] == "off" for x in d["depths"])'
        [[ $words == --collapse* ]] ||
            json out 'len({x["exits"][x["depth"]] for x in d["depths"]}) == 1'
    done
done
# Guests' guests for which there is no memory are killed by their own monitor, which goes on to its end;
# a monitor that is killed takes its guests along.
run 0 image --append usertests --append usertests --append usertests -o in.img
run 0 image --mem 10M --machine virt --initrd in.img -o out.img "$PZ_GUESTS/type1.elf"
run 1 run --machine virt --mem 80M --append stats --initrd out.img "$PZ_GUESTS/type1.elf"
grep -aq 'vm[012] mini.elf: killed: the machine has no memory left for it' out || fail "none was killed"
grep -aq 'vm0 type1.elf: shut down, reporting a failure' out || fail "their monitor has not gone on"
printf '\001x' >typed
run 1 run --machine virt --mem 80M --input typed --initrd out.img "$PZ_GUESTS/type1.elf"
grep -aq 'vm0 type1.elf: killed' out || fail "the monitor was not killed"

run 0 nest --append 'echo hi' --depth 1 --engine spec
in_file out 'same output'
run 2 nest --depth 4
run 2 nest --depth 0
run 3 nest no-such-kernel.elf
finish
