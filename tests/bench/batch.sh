#!/usr/bin/env bash
# A folder of 20 photos in one command against 20 separate commands, in turn; the medians.
#
#     NST=build/nst tests/bench/batch.sh [ROUNDS] [NST OPTIONS...]     default: 5 -p draft -S 256
#
# The photos are parts of those in images/, 1200x800, as JPEG; ImageMagick cuts them.
set -eu
: "${NST:?path of the nst binary}"
images=$(cd "$(dirname "$0")/../../images" && pwd)
rounds=${1:-5}
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- -p draft -S 256
NST=$(realpath "$NST")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export XDG_CONFIG_HOME=/nonexistent # nobody's defaults
cd "$folder"

mkdir photos
for i in $(seq 20); do
    photo=$([ $((i % 2)) = 0 ] && echo harbour || echo still_life)
    convert "$images/$photo.jpg" -resize 1600x1600 -gravity center \
        -crop "$((60 + 2 * i))%x$((60 + 2 * i))%+0+0" +repage -resize '1200x800!' "photos/$i.jpg"
done

# clock FILE COMMAND...: seconds that pass, and seconds of processors
clock() {
    local TIMEFORMAT='%R %U %S' file=$1
    shift
    { time "$@"; } 2>>"$file"
}
separate() {
    local i
    for i in $(seq 20); do
        "$NST" -q -c "photos/$i.jpg" -s "$images/oil.jpg" -o "separate/$i.png" "$@"
    done
}
together() {
    "$NST" -q -c photos -s "$images/oil.jpg" -o together "$@"
}
# median FILE: of both
median() {
    local passed used
    passed=$(awk '{ print $1 }' "$1" | middle)
    used=$(awk '{ print $2 + $3 }' "$1" | middle)
    echo "$passed $used"
}
middle() {
    sort -n | awk '{ v[NR] = $1 } END { print (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }'
}

for ((round = 1; round <= rounds; round++)); do
    rm -rf separate together
    mkdir separate
    clock separate.times separate "$@"
    clock together.times together "$@"
    echo "round $round: separate $(tail -n 1 separate.times), together $(tail -n 1 together.times)" >&2
done
for i in $(seq 20); do
    cmp "separate/$i.png" "together/$i.png"
done
echo "20 photos, $*, $(nproc) processors, medians of $rounds:"
echo "$(median separate.times) $(median together.times)" | awk '{
    printf "separate commands %.1f s, a folder %.1f s, %.2f times as long\n", $1, $3, $3 / $1
    printf "of processors     %.1f s           %.1f s, %.2f\n", $2, $4, $4 / $2 }'
