#!/usr/bin/env bash
# Several processes with the same folder of results share the list: each job is done once.
set -u
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
options=(-S 48 -n 12 --scales 1 -j 1 --log json)
photos 16

"$NST" -c photos -s style.ppm -o alone "${options[@]}" 2>/dev/null || fail 'one process'

# once LOGS...: each of 16 jobs was done by one of the processes, and none failed.
once() {
    grep -h '"event":"done"' "$@" | grep -o '"output":"[^"]*"' | sort | uniq -c | sort -rn >counts
    [ "$(wc -l <counts)" = 16 ] || fail "$(wc -l <counts) jobs done, expected 16"
    [ "$(awk 'NR == 1 { print $1 }' counts)" = 1 ] || { cat counts; fail 'a job was done twice'; }
    grep -h '"event":"failed"' "$@" && fail 'a job failed'
}

"$NST" -c photos -s style.ppm -o two "${options[@]}" 2>one.log &
first=$!
"$NST" -c photos -s style.ppm -o two "${options[@]}" 2>other.log || fail 'the second process'
wait $first || fail 'the first process'
once one.log other.log
diff <(digests alone) <(digests two) || fail 'results differ from those of one process'
echo "ok: two processes did $(grep -c '"event":"done"' one.log) and $(grep -c '"event":"done"' other.log)"

# With --overwrite too, no process does again what another has just done.
"$NST" -c photos -s style.ppm -o two "${options[@]}" --overwrite 2>one.log &
first=$!
"$NST" -c photos -s style.ppm -o two "${options[@]}" --overwrite 2>other.log || fail 'the second'
wait $first || fail 'the first process, overwriting'
grep -h '"event":"done"' one.log other.log | grep -o '"output":"[^"]*"' | sort -u >again
[ "$(wc -l <again)" = 16 ] || fail "$(wc -l <again) jobs done again, expected 16"
echo 'ok: two processes with --overwrite'

# A process that dies gives its jobs back.
"$NST" -c photos -s style.ppm -o dying "${options[@]}" 2>one.log &
first=$!
"$NST" -c photos -s style.ppm -o dying "${options[@]}" 2>other.log &
second=$!
sleep 0.3
kill -9 $first 2>/dev/null
wait $first 2>/dev/null
wait $second || fail 'the one that went on'
diff <(digests alone) <(digests dying) || fail 'results differ after one process died'
echo 'ok: one of two processes killed'

# Open MPI: each of two ranks does its half. Root has to say so, and one core may be all there is.
if ! command -v mpirun >/dev/null; then
    echo 'SKIP: mpirun is not installed'
    exit 0
fi
OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1 \
    timeout 600 mpirun -n 2 --oversubscribe "$NST" -c photos -s style.ppm -o ranks "${options[@]}" 2>ranks.log ||
    { cat ranks.log; fail 'mpirun'; }
once ranks.log
[ "$(grep -c '"event":"batch"' ranks.log)" = 2 ] || fail 'mpirun did not start two'
[ "$(grep -c '"jobs":8}' ranks.log)" = 2 ] || { grep '"batch"' ranks.log; fail 'not two halves'; }
diff <(digests alone) <(digests ranks) || fail 'results differ under mpirun'
echo 'ok: mpirun -n 2, eight pictures each'
