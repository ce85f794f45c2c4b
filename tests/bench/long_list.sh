#!/usr/bin/env bash
# How long lists begin: seconds to the first picture and memory with PHOTOS x STYLES jobs, and seconds
# of a second start that finds everything done.
#
#     NST=build/nst tests/bench/long_list.sh [PHOTOS [STYLES [DONE]]]     default: 100000 10 5000
#
# The second start is measured with DONE photos in each style, since doing them takes time.
set -eu
: "${NST:?path of the nst binary}"
photos=${1:-100000} styles=${2:-10} finished=${3:-5000}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_CONFIG_HOME=/nonexistent # nobody's defaults
nst=$(realpath "$NST")
cd "$folder"
mkdir photos few styles
python3 - "$photos" "$styles" "$finished" <<'P'
import os, sys
photos, styles, finished = map(int, sys.argv[1:])
def picture(path, seed):
    with open(path, "wb") as f:
        f.write(b"P6 16 16 255 " + bytes((i * 7 + seed * (i % 5 + 1)) % 256 for i in range(768)))
for i in range(photos):
    picture(f"photos/{i}.ppm", i)
for i in range(finished):
    os.link(f"photos/{i}.ppm", f"few/{i}.ppm")
for i in range(styles):
    picture(f"styles/{i}.ppm", 1000 + i)
P
options=(-S 16 -n 0 --scales 1)
now() { date +%s.%N; }

begin=$(now)
"$nst" -q -c photos -s styles -o out "${options[@]}" &
pid=$!
until compgen -G 'out/*.png' >/dev/null; do sleep 0.02; done
end=$(now)
rss=$(awk '/VmHWM/ { print $2 / 1000 }' /proc/$pid/status)
kill "$pid"
wait "$pid" || true
echo "$photos photos x $styles styles: first picture after $(echo "$end - $begin" | bc) s, peak $rss MB"

"$nst" -q -c few -s styles -o finished "${options[@]}"
begin=$(now)
/usr/bin/time -f '%M' -o memory "$nst" -c few -s styles -o finished "${options[@]}" 2>log
end=$(now)
tail -n 1 log
awk -v b="$begin" -v e="$end" -v n=$((finished * styles)) -v m="$(cat memory)" 'BEGIN {
    printf "second start, %d done before: %.2f s, %.1f us each, peak %.0f MB\n", n, e - b,
        1e6 * (e - b) / n, m / 1000 }'
