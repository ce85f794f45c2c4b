#!/usr/bin/env bash
# A batch killed by SIGKILL at random moments and started again each time: in the end every result is
# there and the same as without kills, and what was finished was never touched again.
#
#     NST=build/nst tests/batch/kill.sh [KILLS]     default: 12
set -u
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
kills=${1:-12}
options=(-S 48 -n 30 --scales 1 -j 1 -q)
jobs=$((kills / 2 + 6)) # so that there is work left until the last kill
photos $jobs

"$NST" -c photos -s style.ppm -o whole "${options[@]}" || fail 'the undisturbed run'
seconds=$( { TIMEFORMAT=%R; time "$NST" -c photos -s style.ppm -o timed "${options[@]}"; } 2>&1)

# Name, inode and time of change of each result that was there after each kill.
landed=0
: >seen
for ((i = 1; i <= kills; i++)); do
    "$NST" -c photos -s style.ppm -o killed "${options[@]}" &
    pid=$!
    # From the start of the process to some pictures later.
    sleep "$(awk -v r=$RANDOM -v t="$seconds" -v n=$jobs \
        'BEGIN { printf "%.4f", (0.2 + 2.5 * t / n) * r / 32768 }')"
    kill -9 $pid 2>/dev/null && landed=$((landed + 1))
    wait $pid 2>/dev/null
    for result in killed/*.png; do
        [ -e "$result" ] && stat -c '%n %i %y' "$result" >>seen
    done
done
"$NST" -c photos -s style.ppm -o killed "${options[@]}" || fail 'the last run'
[ "$landed" -gt 0 ] || fail 'no kill hit a living process'

diff <(digests whole) <(digests killed) || fail 'results differ from those of an undisturbed run'
# Each result that a kill left behind is the one that is there now: nothing was done twice.
stat -c '%n %i %y' killed/*.png >final
sort -u seen | while read -r line; do
    grep -qxF -- "$line" final || echo "$line"
done >redone
[ -s redone ] && { cat redone; fail 'finished results were written again'; }
left=$(find killed -name '.nst-??????')
[ -z "$left" ] || fail "temporary files left: $left"
echo "ok: $kills kills, $landed of them hit; $(sort -u seen | wc -l) results survived them, \
$(wc -l <final) in the end"
