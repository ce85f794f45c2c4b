#!/usr/bin/env bash
# A batch killed by SIGKILL at random moments and started again each time, until it is through: then
# every result is there and the same as without kills, and what was finished was never touched again.
# As many batches as it takes for all the kills.
#
#     NST=build/nst tests/batch/kill.sh [KILLS [OPTION...]]     default: 12
set -u
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
kills=${1:-12}
# Little work, so that many of the kills hit the reading and writing of files.
options=(-S 24 -n 4 --scales 1 -j 2 -q "${@:2}")
jobs=14
photos $jobs
shopt -s nullglob

"$NST" -c photos -s style.ppm -o whole "${options[@]}" || fail 'the undisturbed run'
seconds=$( { TIMEFORMAT=%R; time "$NST" -c photos -s style.ppm -o timed "${options[@]}"; } 2>&1)

landed=0
batches=0
survived=0

# stamps: name, inode and time of change of each result that there is.
stamps() {
    local results=(killed/*.png)
    [ ${#results[@]} = 0 ] || stat -c '%n %i %y' "${results[@]}"
}

# check: the folder `killed` after a run that came to its end.
check() {
    diff <(digests whole) <(digests killed) || fail 'results differ from those of an undisturbed run'
    # Each result that a kill left behind is the one that is there now: nothing was done twice.
    stamps >final
    sort -u seen >once
    grep -vxFf final once && fail 'finished results were written again'
    left=$(find killed -name '.nst-??????')
    [ -z "$left" ] || fail "temporary files left: $left"
    survived=$((survived + $(wc -l <once)))
    batches=$((batches + 1))
}

while [ $landed -lt "$kills" ]; do
    rm -rf killed
    : >seen
    status=137
    while [ $status = 137 ]; do
        "$NST" -c photos -s style.ppm -o killed "${options[@]}" &
        pid=$!
        if [ $landed -lt "$kills" ]; then
            # From the start of the process to some pictures later.
            sleep "$(awk -v r=$RANDOM -v t="$seconds" 'BEGIN { printf "%.4f", t / 2 * r / 32768 }')"
            kill -9 $pid 2>/dev/null
        fi
        wait $pid 2>/dev/null
        status=$?
        [ $status = 137 ] && landed=$((landed + 1))
        stamps >>seen
    done
    [ $status = 0 ] || fail "exit $status"
    check
done
echo "ok: ${*:2} $landed kills in $batches batches of $jobs; $survived results survived one"
