#!/usr/bin/env bash
# SIGINT, SIGTERM and SIGHUP amid a batch, a closed pipe, a folder of results that goes away.
set -u
set -m # background processes must not ignore SIGINT
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
photos 8
options=(-S 48 --scales 1 -j 1)
iterations=150 # long enough for a signal to come amid them
[ -z "${NST_SLOW-}" ] || iterations=30

# until_there FILE
until_there() {
    for _ in $(seq 30000); do # under a sanitizer on a busy machine, it takes its time
        [ -e "$1" ] && return
        sleep 0.02
    done
    fail "$1 did not come"
}

for signal in INT TERM HUP; do
    rm -rf out
    "$NST" -c photos -s style.ppm -o out "${options[@]}" -n "$iterations" --report report.json 2>log &
    pid=$!
    until_there out/1.png
    kill -$signal $pid
    wait $pid
    status=$?
    [ $status = 130 ] || fail "SIG$signal: exit $status, expected 130"
    tail -1 log | grep -Eq '^8 pictures: [1-7] done, [1-7] left' || { cat log; fail "SIG$signal"; }
    before=$(tail -1 log | sed -E 's/^8 pictures: ([0-9]).*/\1/')
    reported=$(grep -c '"state":.*"done"' report.json)/$(grep -c '"state":' report.json)
    [ "$reported" = "$before/8" ] || fail "SIG$signal: the report says $reported"
    "$NST" -c photos -s style.ppm -o out "${options[@]}" -n "$iterations" 2>log || fail 'starting again'
    tail -1 log | grep -q "^8 pictures: $((8 - before)) done, $before done before," ||
        { cat log; fail 'what was done is not kept'; }
    echo "ok: SIG$signal"
done 2>/dev/null

# When the reader of the log has gone, the work is still done.
rm -rf out
"$NST" --log json -c photos -s style.ppm -o out "${options[@]}" -n 20 2>&1 | head -1 >/dev/null
[ "${PIPESTATUS[0]}" = 0 ] || fail "closed pipe: exit ${PIPESTATUS[0]}"
[ "$(find out -name '*.png' | wc -l)" = 8 ] || fail 'closed pipe: not all done'
echo 'ok: closed pipe'

# The folder of results goes away: an error for each job that is left.
rm -rf out
timeout 600 "$NST" -c photos -s style.ppm -o out "${options[@]}" -n "$iterations" 2>log &
pid=$!
until_there out/1.png
rm -rf out
wait $pid
status=$?
[ $status = 1 ] || fail "folder gone: exit $status, expected 1"
grep -q '^nst: photos/8.ppm: out/8.png: there is no folder out' log || { cat log; fail 'message'; }
[ ! -e out ] || fail 'folder gone: it was made again'
echo 'ok: folder gone'

# A picture that is too large for the memory fails, and the others are painted.
if ! (ulimit -v 2000000 && "$NST" --version >/dev/null 2>&1); then
    echo 'SKIP: memory: this build does not run with limited memory'
    exit 0
fi
rm -rf out
picture 1 3000 2000 >photos/5.ppm
(ulimit -v 2000000 && exec "$NST" -c photos -s style.ppm -o out -S full -n 1 --scales 1 -j 1) 2>log
status=$?
[ $status = 1 ] || { cat log; fail "memory: exit $status, expected 1"; }
grep -q '^nst: photos/5.ppm: .*memory' log || { cat log; fail 'memory: message'; }
tail -1 log | grep -q '^8 pictures: 7 done, 1 failed' || { cat log; fail 'memory: summary'; }
echo 'ok: memory'
