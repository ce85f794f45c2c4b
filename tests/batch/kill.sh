#!/usr/bin/env bash
# A batch that is killed by SIGKILL at random moments and started again each time, until it is done. Then
# every result is there and the same as without kills, and no finished result was touched again. There
# are as many batches as the kills need.
#
#     NST=build/nst tests/batch/kill.sh [KILLS [OPTION...]]     default: 12
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
kills=${1:-12}
# A small network and little work, so that many of the kills hit the reading and writing of files.
options=(-S 24 -n 4 --scales 1 -j 2 -q -w "$here/../models/vgg19-slim.safetensors" "${@:2}")
jobs=14
photos $jobs
shopt -s nullglob

"$NST" -c photos -s style.ppm -o whole "${options[@]}" || fail 'the undisturbed run'
seconds=$( { TIMEFORMAT=%R; time "$NST" -c photos -s style.ppm -o timed "${options[@]}"; } 2>&1)
latest=$(awk -v t="$seconds" 'BEGIN { print t / 2 }') # of the kills; follows the load of the machine

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
    status=137 before=0
    while [ $status = 137 ]; do
        "$NST" -c photos -s style.ppm -o killed "${options[@]}" &
        pid=$!
        if [ $landed -lt "$kills" ]; then
            # From the start of the process to some pictures later.
            sleep "$(awk -v r=$RANDOM -v t="$latest" 'BEGIN { printf "%.4f", t * r / 32768 }')"
            kill -9 $pid 2>/dev/null
        fi
        wait $pid 2>/dev/null
        status=$?
        [ $status = 137 ] && landed=$((landed + 1))
        have=$(stamps | tee -a seen | wc -l)
        latest=$(awk -v t="$latest" -v through=$((status != 137)) -v more=$((have - before)) \
            'BEGIN { print through ? t * 0.7 : more == 0 ? t * 1.1 : t }')
        before=$have
    done
    [ $status = 0 ] || fail "exit $status"
    check
done
echo "ok: ${*:2} $landed kills in $batches batches of $jobs; $survived results survived one"
