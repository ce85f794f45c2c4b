#!/usr/bin/env bash
# Fault injection: in a small run of a folder, each allocation, operation on files or start of a thread
# fails once; in another run, so do all after it (as in SQLite's tests). Each time there must be no crash
# and no hang, an error message, no partial result and no file left over; and the same command without
# faults must then give the same result.
#
#     NST=build/nst CC=gcc tests/batch/faults.sh [STEP [KIND...]]
#
# Every STEP-th call (default: 120) of each KIND (default: memory file thread). With a program that was
# built with the address sanitizer, which is slow, only if STEP is given; then leaks count, too.
set -u
NST=$(realpath "${NST:?path of the nst binary}")
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
step=${1:-120}
if [ $# = 0 ] && ! (ulimit -v 2000000 && "$NST" --version >/dev/null 2>&1); then
    echo 'SKIP: all: too long with a sanitizer'
    exit 0
fi
# Findings of a sanitizer have their own exit status.
export ASAN_OPTIONS=verify_asan_link_order=0:exitcode=99 UBSAN_OPTIONS=exitcode=99
"${CC:-cc}" -D_GNU_SOURCE -O2 -shared -fPIC -fno-builtin "$here/fail.c" -o fail.so -ldl || fail 'fail.c does not compile'
mkdir photos
picture 5 24 16 >photos/a.ppm
picture 6 16 24 >style.ppm
run=("$NST" -q -c photos -s style.ppm -o out -S 16 -n 1 --scales 1 -j 2
    -w "$here/../models/vgg19-slim.safetensors") # a small network, which is read
"${run[@]}" || fail 'the undisturbed run'
mv out/a.png whole.png

injected=0 refused=0
# attempt KIND:N: 1 when there was no such call any more.
attempt() {
    local status=0
    rm -rf out note
    # The last variable is one that nst may put aside while its libraries start up.
    timeout -s KILL 600 env NST_FAIL="$1" NST_FAIL_NOTE="$folder/note" LAST=1 LD_PRELOAD="$folder/fail.so" \
        "${run[@]}" >said 2>&1 || status=$?
    case $status in
    0) cmp -s out/a.png whole.png || fail "$1: status 0 without the result" ;;
    1 | 2)
        [ -s said ] || fail "$1: status $status and no message"
        [ ! -e out/a.png ] || cmp -s out/a.png whole.png || fail "$1: half a result"
        refused=$((refused + 1))
        ;;
    99)
        if ! grep -q 'AddressSanitizer: CHECK failed' said; then # else the sanitizer was refused itself
            cat said
            fail "$1: found by a sanitizer"
        fi
        ;;
    *)
        cat said
        fail "$1: status $status"
        ;;
    esac
    [ -z "$(find . -name '.nst-??????')" ] || fail "$1: a temporary file is left"
    if [ $status != 0 ] && [ -d out ]; then # what has left nothing ends in the undisturbed run
        "${run[@]}" >said 2>&1 || { cat said; fail "$1: afterwards, status $?"; }
        cmp -s out/a.png whole.png || fail "$1: afterwards, another result"
    fi
    [ -e note ] && injected=$((injected + 1))
}
kinds=("${@:2}")
[ ${#kinds[@]} -gt 0 ] || kinds=(memory file thread)
for kind in "${kinds[@]}"; do
    for mode in '' +; do
        n=1
        while attempt "$kind:$n$mode"; do n=$((n + (n < 10 ? 1 : step))); done
    done
    echo "ok: $kind, about $n calls"
done
echo "$injected failures injected, $refused of them refused the run"
