#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Job arrays of a real Slurm with two nodes, all on the loopback: a class is graded, and random
# programs are run, while a node is killed in the middle. Each student has the result that pz gives
# alone, and nothing is missing.
source "$(dirname "${BASH_SOURCE[0]}")/../common.bash"
PATH=$PATH:/usr/sbin:/sbin
need python3
need cc
for program in munged slurmctld slurmd sbatch; do
    need "$program"
done
fleet=$SRC/packaging/fleet
export PZ PZ_FLEET=$fleet

# ---- A part of a class, without a batch system ----
mkdir -p class/handed-in
for ((i = 0; i < 6; i++)); do
    mkdir "class/handed-in/student-$i"
done
cp "$SRC/tests/solutions/03-sret/solution.c" class/handed-in/student-0/sret.c
for ((i = 1; i < 6; i++)); do
    cp "$SRC/examples/03-sret/sret.c" "class/handed-in/student-$i/sret.c"
done
part=$fleet/grade-part
"$part" 03-sret class/handed-in class/alone 1 3 || fail "grade-part"
[[ $(echo class/alone/*.json) == "class/alone/student-1.json class/alone/student-4.json" ]] ||
    fail "another part: $(echo class/alone/*.json)"
echo kept >class/alone/student-1.json
"$part" 03-sret class/handed-in class/alone 0 1 || fail "grade-part, the rest"
[[ $(<class/alone/student-1.json) == kept ]] || fail "a result that was there was replaced"
rm class/alone/student-1.json
"$part" 03-sret class/handed-in class/alone 0 1 || fail "grade-part, one more"
for words in "03-sret class/handed-in class/alone 3 3" "03-sret nowhere class/alone 0 1" \
    "03-sret class/handed-in class/alone x 1" "03-sret"; do
    # shellcheck disable=SC2086  # words
    "$part" $words 2>err && fail "grade-part $words"
    [[ -s err ]] || fail "grade-part $words says nothing"
done
! "$part" no-such-exercise class/handed-in class/none 0 1 2>err || fail "no such exercise"
[[ -z $(ls class/none) ]] || fail "results of no grading: $(ls class/none)"

# ---- Slurm: its user is ours, its ports are free ones, its authentication has a key of its own ----
ports=$(python3 - <<'PY'
import socket
held = [socket.socket() for _ in range(3)]
for one in held:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in held))
PY
)
read -r port0 port1 port2 <<<"$ports"
mkdir -m 755 run ctl
here=$PWD
chmod 755 "$here"
head -c 256 /dev/urandom >key
chmod 400 key
cat >slurm.conf <<CONF
ClusterName=pz
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
SlurmctldPort=$port0
AuthType=auth/munge
AuthInfo=socket=$here/run/munge.sock,cred_expire=10
StateSaveLocation=$here/ctl
SlurmctldPidFile=$here/run/ctld.pid
SlurmctldLogFile=$here/ctld.log
SlurmdSpoolDir=$here/spool.%n
SlurmdPidFile=$here/run/%n.pid
SlurmdLogFile=$here/%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000,sched_interval=1
MpiDefault=none
SlurmdTimeout=5
KillWait=1
ReturnToService=2
NodeName=n0 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$port1 CPUs=1
NodeName=n1 NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$port2 CPUs=1
PartitionName=all Nodes=n0,n1 Default=YES State=UP
CONF
export SLURM_CONF=$here/slurm.conf
stop_all() {
    local file
    for file in run/*.pid; do
        [[ ! -s $file ]] || kill -9 "$(<"$file")" 2>/dev/null
    done
    pkill -9 -f "slurmstepd: .*\\.(batch|extern)" -u "$(id -u)" 2>/dev/null
    rm -rf "$here"
}
trap stop_all EXIT
munged --force --key-file="$here/key" --socket="$here/run/munge.sock" --pid-file="$here/run/munged.pid" \
    --log-file="$here/munged.log" --seed-file="$here/run/seed" 2>err || fail "munged"
{ slurmctld -c && slurmd -N n0 && slurmd -N n1; } || fail "slurm"

# until_so <command>...: it is true at last
until_so() {
    local end=$((SECONDS + PATIENCE))
    until "$@" >/dev/null 2>&1; do
        ((SECONDS < end)) || { fail "never: $*"; tail -n 20 ctld.log n0.log; finish; }
        sleep 0.1
    done
}
idle() { [[ $(sinfo -h -t idle -o %D) == 2 ]]; }
until_so idle

# ---- Grading, and a node that dies ----
export EXERCISE=03-sret CLASS=$here/class
# The grader that Slurm runs waits in front of the second student, until the node has been killed.
cat >slow-pz <<'SLOW'
#!/bin/sh
case $3 in
*student-[23]*) [ -e "$CLASS/killed" ] || { sleep 600 & echo $! >>"$CLASS/waiting"; wait; } ;;
esac
exec "$REAL_PZ" "$@"
SLOW
chmod +x slow-pz
job=$(env REAL_PZ="$PZ" PZ="$here/slow-pz" sbatch --parsable --array=0-1 --export=ALL \
    --output="$here/grade.%a" "$fleet/slurm/grade.sbatch") || fail "sbatch"
waits() { [[ -s class/waiting ]]; }
until_so waits
# n0 dies, with all that it runs: the monitor of its jobs, and what they started.
node=$(<run/n0.pid)
: >class/killed
mapfile -t steps < <(squeue -h -w n0 -t running -o %A)
kill -9 "$node"
for step in "${steps[@]}"; do
    pkill -9 -f "slurmstepd: \\[$step\\." -u "$(id -u)"
done
xargs kill -9 <class/waiting
rm -f run/n0.pid
slurmd -N n0
done_all() { [[ $(find class/results -name 'student-*.json' 2>/dev/null | wc -l) == 6 && -z $(squeue -h -j "$job") ]]; }
until_so done_all
cat grade.* >out 2>/dev/null
for ((i = 0; i < 6; i++)); do
    python3 - "class/alone/student-$i.json" "class/results/student-$i.json" <<'PY' || fail "student $i: not the result of pz alone"
import json, sys
one, other = (json.load(open(path)) for path in sys.argv[1:])
sys.exit(not one["of"] or any(one[key] != other[key] for key in ("points", "of"))
         or [c["outcome"] for c in one["checks"]] != [c["outcome"] for c in other["checks"]])
PY
done
[[ -z $(find class/results -name '.student*' -newer class/killed) ]] || fail "a half result was left"

# ---- The campaign ----
if [[ -x $BUILD/tests/fuzz/campaign_engines ]]; then
    export CAMPAIGN=$BUILD/tests/fuzz/campaign_engines FOUND=$here/found SECONDS_EACH=1
    job=$(sbatch --parsable --array=1-2 --export=ALL --output="$here/campaign.%a" \
        "$fleet/slurm/campaign.sbatch") || fail "sbatch campaign"
    all_run() { [[ -e found/1/done && -e found/2/done ]]; }
    until_so all_run
fi
finish
