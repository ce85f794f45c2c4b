#!/usr/bin/env bash
# The peak of memory of runs, folders, measure and features with photos of 24 and 100 megapixels, under
# --max-memory, control groups, ulimit -v, and when no threads can be started. It must stay below the
# limit; nothing may be killed, or refused though it would fit; refusals come at once. Prints a table.
#
#     NST=build/nst tests/batch/memory.sh [MEGAPIXELS...]     24 or 100; default: 24, JPEG only
set -u
NST=$(realpath "${NST:?path of the nst binary}")
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
if ! (ulimit -v 2000000 && "$NST" --version >/dev/null 2>&1); then
    echo 'SKIP: all: memory of a build with a sanitizer is not its own'
    exit 0
fi
sizes=("$@")
[ $# -gt 0 ] || sizes=(24)
picture 3 64 48 >style.ppm

# large WIDTH HEIGHT NAME: a JPEG and a PNG where something here can write them, else a PPM.
large() {
    local rows=1
    awk -v w="$1" 'BEGIN { for (x = 0; x < w; x++) printf "%c%c%c", x % 90 + 33, x % 80 + 40, x % 70 + 50 }' >some
    while [ $rows -lt "$2" ]; do
        cat some some >twice
        mv twice some
        rows=$((2 * rows))
    done
    { printf 'P6 %d %d 255\n' "$1" "$2" && head -c $((3 * $1 * $2)) some; } >"$3.ppm"
    rm some
    if command -v vips >/dev/null; then
        vips copy "$3.ppm" "$3.jpg" && vips copy "$3.ppm" "$3.png" && rm "$3.ppm"
    fi
}

# peak LIMIT_MB WHAT COMMAND...: a row of the table; fails when it needs more, or fails itself.
peak() {
    local limit=$1 what=$2 status=0 got
    shift 2
    /usr/bin/time -f '%M' -o peak timeout 900 "$@" >out.txt 2>log || status=$?
    got=$(($(tail -n 1 peak) / 1000))
    [ $status = 0 ] || { cat log; fail "status $status: $*"; }
    printf '%-58s %5d MB of %4d\n' "$what" "$got" "$limit"
    [ "$got" -le "$limit" ] || fail "$got MB, of $limit that may be used: $*"
}
# all_commands LIMIT_MB HOW PHOTO WRAPPER...: each command with a photo under a limit that WRAPPER sets.
all_commands() {
    local limit=$1 how=$2 photo=$3
    shift 3
    rm -rf folder out
    mkdir folder
    for name in one two three; do ln "$photo" "folder/$name.${photo##*.}"; done
    local run=("$@" "$NST" -q -s style.ppm -S 128 -n 1 --scales 1 -j 2)
    [ "$how" = --max-memory ] && run+=(--max-memory "${limit}M")
    peak "$limit" "$how: nst $photo" "${run[@]}" -c "$photo" -o out.png
    peak "$limit" "$how: nst $photo --color match" "${run[@]}" -c "$photo" -o out.png --color match
    peak "$limit" "$how: nst of three, --parallel 2" "${run[@]}" -c folder -o out --parallel 2
    local look=(-S 256 -j 2)
    [ "$how" = --max-memory ] && look+=(--max-memory "${limit}M")
    peak "$limit" "$how: nst measure $photo" "$@" "$NST" measure "${look[@]}" -c "$photo" -s style.ppm "$photo"
    peak "$limit" "$how: nst features $photo" "$@" "$NST" features "${look[@]}" -l relu3_1 -o sheet.png "$photo"
}
if [ -x /usr/bin/time ]; then
    for size in "${sizes[@]}"; do
        case $size in
        24) large 6000 4000 p24 ;;
        100) large 12000 8400 p100 ;;
        *) fail "$size: expected 24 or 100" ;;
        esac
    done
    photos=(p*.*)
    [ $# -gt 0 ] || [ ! -e p24.jpg ] || photos=(p24.jpg)
    for photo in "${photos[@]}"; do
        limit=250
        all_commands "$limit" --max-memory "$photo"
        all_commands "$limit" 'ulimit -v 500000' "$photo" bash -c 'ulimit -v 500000; exec "$@"' -
    done
else
    echo 'SKIP: peaks: /usr/bin/time is not installed'
fi

# An address space limit: a picture, or a refusal in one line that says what would fit, at once. OpenBLAS
# is in the way twice: it takes a buffer for each of its threads before main, and one for a product.
limited() { # KILOBYTES SIZE COMMAND...
    local kilobytes=$1 size=$2 message status=0
    shift 2
    message=$( (ulimit -v "$kilobytes" && exec timeout -s KILL 600 "$@" "$NST" -q -S "$size" -n 1 --scales 1 \
        -j 2 -c style.ppm -s style.ppm -o o.png) 2>&1) || status=$?
    case $status:$message in
    0:) ;;
    127:*'error while loading shared libraries'*) ;; # less than they need by themselves
    1:*$'\n'*) fail "ulimit -v $kilobytes, $*, -S $size: more than a line: $message" ;;
    1:*'would fit'* | 1:*'no size fits') ;;
    *) fail "ulimit -v $kilobytes, $*, -S $size: status $status: $message" ;;
    esac
}
for kilobytes in 60000 100000 150000 200000 300000 600000; do
    for size in 64 2048; do limited "$kilobytes" "$size" env; done
    limited "$kilobytes" 64 env -i
    limited "$kilobytes" 64 env OPENBLAS_NUM_THREADS=8
done
limited 600000 64 env
[ -s o.png ] || fail 'ulimit -v 600000: no picture of 64 pixels'
echo 'ok: ulimit -v of 60 to 600 MB: a picture or a refusal, at once'

# Pictures that claim more than there is are refused by their headers, and the batch goes on.
mkdir bombs
cp style.ppm bombs/small.ppm
printf 'P6\n20000 20000\n255\n' >bombs/claims.ppm
status=0
"$NST" -c bombs -s style.ppm -o defused -S full -n 1 --scales 1 -j 1 --max-memory 150M 2>log || status=$?
[ $status = 1 ] || { cat log; fail "a bomb: status $status, expected 1"; }
[ -e defused/small.png ] || fail 'a bomb: the batch did not go on'
status=0
"$NST" -c - -s style.ppm -o o.png -S full -n 1 --scales 1 --max-memory 150M <bombs/claims.ppm 2>log || status=$?
if [ $status != 1 ] || ! grep -q memory log; then
    cat log
    fail "a bomb by a pipe: status $status"
fi
echo 'ok: bombs are refused, and the batch goes on'

# What does not fit is refused by a line that names what would, without having been there.
refused() {
    local message status=0
    message=$("$@" 2>&1) || status=$?
    case $status:$message in
    1:*'would fit; nst itself takes'*) ;;
    *) fail "status $status: $message: $*" ;;
    esac
}
refused "$NST" measure -j 2 -S 512 -c style.ppm -s style.ppm style.ppm --max-memory 200M
refused "$NST" measure -S 512 --make-basis some.basis style.ppm --max-memory 150M
refused "$NST" features -S 2048 -l relu1_1 -o sheet.png style.ppm --max-memory 300M
for command in 'measure -c bombs/claims.ppm -s style.ppm style.ppm' 'features bombs/claims.ppm -o sheet.png'; do
    status=0
    # shellcheck disable=SC2086
    "$NST" $command -S full --max-memory 150M 2>log || status=$?
    if [ $status != 1 ] || ! grep -q 'claims.ppm: reading 20000x20000 pixels takes' log; then
        cat log
        fail "a bomb: status $status: nst $command"
    fi
done
[ ! -e sheet.png ] || rm sheet.png
echo 'ok: measure and features: what does not fit is refused'

# No thread to be had: it works alone.
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
    chmod 755 .
    cp "$NST" program
    status=0
    HOME=$folder setpriv --reuid=65534 --clear-groups bash -c "ulimit -u 1; exec ./program -q -c style.ppm -s style.ppm -o - -S 32 -n 1 --scales 1 -j 1" >alone.png 2>log || status=$?
    [ $status = 0 ] || { cat log; fail "ulimit -u 1: status $status"; }
    echo 'ok: ulimit -u 1'
else
    echo 'SKIP: ulimit -u: needs root and setpriv'
fi

# Control groups, version 1 or 2: an own one, one inside it, and one whose page cache is full.
if [ -d /sys/fs/cgroup/memory ]; then
    top=/sys/fs/cgroup/memory limit_file=memory.limit_in_bytes peak_file=memory.max_usage_in_bytes
else
    top=/sys/fs/cgroup limit_file=memory.max peak_file=memory.peak
fi
group=$top/nst-test-$$
if ! mkdir "$group" 2>/dev/null; then
    echo 'SKIP: control groups: not root, or none that can be made here'
    exit 0
fi
trap 'rmdir "$group/inner" "$group" 2>/dev/null; rm -rf "$folder"' EXIT
if ! echo 250M >"$group/$limit_file" 2>/dev/null || ! mkdir "$group/inner"; then
    echo 'SKIP: control groups: no memory controller'
    exit 0
fi
# inside GROUP COMMAND...
cat >inside <<'END'
#!/bin/bash
echo $$ >"$1/cgroup.procs" && shift && exec "$@"
END
chmod +x inside
if [ -x /usr/bin/time ]; then
    for photo in "${photos[@]}"; do
        [ "${photo##*.}" = ppm ] && continue
        all_commands 250 'group of 250 MB' "$photo" ./inside "$group"
        [ $# -gt 0 ] && all_commands 250 'inside a group of 250 MB' "$photo" ./inside "$group/inner"
    done
fi
./inside "$group" bash -c 'head -c 400M /dev/zero >big; cat big >/dev/null'
status=0
./inside "$group" "$NST" -q -c style.ppm -s style.ppm -o group.png -S 256 -n 1 --scales 1 -j 1 2>log || status=$?
[ $status = 0 ] || { cat log; fail "a full page cache: status $status"; }
[ -e "$group/$peak_file" ] && echo "most in the group, cached files included: $(($(cat "$group/$peak_file") / 1000000)) MB"
echo 'ok: a group whose page cache is full'
