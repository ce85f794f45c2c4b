#!/usr/bin/env bash
# A real sbatch --array on a Slurm of one node, started here with a folder, ports and a munge socket
# of its own: each of 16 pictures is done by one of four tasks.
set -u
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
PATH=$PATH:/usr/sbin
for program in munged slurmctld slurmd sbatch sinfo; do
    command -v $program >/dev/null || { echo "SKIP: all: $program is not installed"; exit 0; }
done
[ "$(id -u)" = 0 ] || { echo 'SKIP: all: slurmd needs root to start jobs'; exit 0; }

pids=()
stop() {
    scancel -f --state=PENDING --state=RUNNING -u root 2>/dev/null
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
    wait 2>/dev/null
    rm -rf "$folder"
}
trap stop EXIT
skip() {
    echo "SKIP: all: $*"
    tail -n 5 ./*.log
    exit 0
}
# until_true SECONDS COMMAND...
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || return 1
        sleep 0.2
    done
}

chmod 755 . # munged wants others to be able to enter
port=$((20000 + RANDOM % 20000))
mkdir state spool
head -c 128 /dev/urandom >key
chmod 600 key
cat >slurm.conf <<END
ClusterName=nst
SlurmctldHost=localhost(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$folder/munge.socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
SlurmdSpoolDir=$folder/spool
StateSaveLocation=$folder/state
SchedulerType=sched/builtin
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
NodeName=localhost NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=localhost Default=YES MaxTime=INFINITE State=UP
END
export SLURM_CONF=$folder/slurm.conf
# Forget the variables of a Slurm that this test may itself run under.
for name in ${!SLURM_@}; do [ "$name" = SLURM_CONF ] || unset "$name"; done

munged --foreground --force --socket="$folder/munge.socket" --key-file="$folder/key" \
    --pid-file="$folder/munge.pid" --seed-file="$folder/munge.seed" --log-file="$folder/munge.log" 2>munged.out.log &
pids+=($!)
until_true 10 test -S munge.socket || skip 'munged did not start'
slurmctld -D -i >slurmctld.out.log 2>&1 &
pids+=($!)
slurmd -D -N localhost >slurmd.out.log 2>&1 &
pids+=($!)
until_true 30 sh -c 'sinfo -h -o %T | grep -q idle' || skip 'no node of this Slurm became idle'

photos 16
cat >array.sh <<'END'
#!/bin/sh
exec "$NST" -c photos -s style.ppm -o out -S 48 -n 12 --scales 1 -j 1 --log json
END
export NST
sbatch -Q --wait --array=0-3 -o task.%a.out -e task.%a.json array.sh || fail "sbatch: exit $?"
ls task.*.json
grep -h '"event":"done"' task.*.json | grep -o '"output":"[^"]*"' | sort | uniq -c >counts
[ "$(wc -l <counts)" = 16 ] || { cat counts; fail 'not all 16 pictures were done'; }
[ "$(awk '$1 != 1' counts | wc -l)" = 0 ] || { cat counts; fail 'a picture was done twice'; }
for task in 0 1 2 3; do
    [ "$(grep -c '"event":"done"' task.$task.json)" = 4 ] || fail "task $task did not do its part"
done
echo 'ok: sbatch --array=0-3, four pictures each'
