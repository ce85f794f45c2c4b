#!/usr/bin/env bash
# The folder of results on a full 8 MiB tmpfs: an error for each job, nothing half written, and the
# process ends by itself.
set -u
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
photos 6
mkdir full
if ! mount -t tmpfs -o size=8m tmpfs full 2>/dev/null; then
    echo 'SKIP: all: mounting a tmpfs needs root and a kernel that allows it'
    exit 0
fi
trap 'umount "$folder/full"; rm -rf "$folder"' EXIT
options=(-S 48 -n 2 --scales 1 -j 1)

timeout 600 "$NST" -q -c photos/1.ppm -s style.ppm -o full/ "${options[@]}" || fail 'with room'
head -c 9M /dev/zero >full/ballast 2>/dev/null
timeout 600 "$NST" -c photos -s style.ppm -o full "${options[@]}" 2>log
status=$?
[ $status = 1 ] || fail "exit $status, expected 1"
[ "$(grep -c 'No space left on device$' log)" = 5 ] || { cat log; fail 'expected five errors'; }
tail -1 log | grep -q '^6 pictures: 0 done, 1 done before, 5 failed' || { cat log; fail 'summary'; }
[ "$(find full -type f | sort | tr '\n' ' ')" = 'full/.nst-journal full/1.png full/ballast ' ] ||
    { ls -A full; fail 'something was left behind'; }
echo 'ok: full from the start'

rm full/ballast
timeout 600 "$NST" -q -c photos -s style.ppm -o full "${options[@]}" || fail 'with room again'
[ "$(find full -name '*.png' | wc -l)" = 6 ] || fail 'not all done with room again'
echo 'ok: the same command goes on when there is room'
