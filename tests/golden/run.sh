#!/bin/bash
# Compares small runs with pictures that somebody has looked at. Where the processor has fused
# multiplication, runs are --reproducible and every pixel must be the same; else nst compare decides.
#
#   NST=build/nst tests/golden/run.sh [--update] [case ...]
#
# They are painted by the tests' own small model, so that they do not change when the bundled one is
# trained anew. The cases and their thresholds stand in the file `cases` of this folder. A result that is past its
# thresholds stays in golden-failed/ of the current folder, with a picture of the difference.
# --update takes what comes out as the new golden pictures: look at them before committing.
set -u
golden=$(cd "$(dirname "$0")" && pwd)
: "${NST:?path of the nst binary}"
nst=$(realpath "$NST")
update=no
[ "${1-}" = --update ] && update=yes && shift
wanted=" $* "

failures=$PWD/golden-failed
rm -rf "$failures"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# No JPEG among the inputs: decoders differ in the last bit of it.
cp "$golden"/{photo,oil,woodcut,photo_mask,oil_mask}.png "$work"
cd "$work" || exit 1

passed=0
failed=0
fail() { # NAME WHAT
    echo "FAIL $1: $2"
    failed=$((failed + 1))
}

# Results of --reproducible are the same everywhere: that of `features` has no such option.
reproducible=no
"$nst" -q -c photo.png -s oil.png -S 32 -n 0 --coarse-iterations 0 --reproducible -o probe.png \
    2>probe.txt && reproducible=yes
if [ "$reproducible" = no ]; then
    grep -q 'fused multiplication' probe.txt || { cat probe.txt; exit 1; }
    echo "no fused multiplication here: pictures are like the golden ones, not the same"
fi

# NAME MIN-PSNR MIN-SSIM
compare() {
    "$nst" compare "$golden/$1.png" "$1.png" --min-psnr "$2" --min-ssim "$3" --diff "$1-diff.png"
}

# NAME MIN-PSNR MIN-SSIM ARGUMENTS...
run_case() {
    local name=$1 psnr=$2 ssim=$3
    shift 3
    set -- "$@" -w "$golden/../models/vgg19-slim.safetensors"
    [ "$reproducible" = yes ] && [ "$1" != features ] && set -- "$@" --reproducible
    if ! "$nst" "$@" -q -o "$name.png"; then
        fail "$name" "did not run"
    elif [ "$update" = yes ]; then
        cp "$name.png" "$golden/$name.png"
        echo "kept $name"
    elif [ "${*: -1}" = --reproducible ] && "$nst" compare -q "$golden/$name.png" "$name.png" --max-diff 0; then
        echo "ok $name: the same"
        passed=$((passed + 1))
    elif compare "$name" "$psnr" "$ssim" >"$name.txt" 2>&1 && [ "${*: -1}" != --reproducible ]; then
        echo "ok $name: $(sed -n 's/^PSNR *//p' "$name.txt")"
        passed=$((passed + 1))
    else
        cat "$name.txt"
        mkdir -p "$failures"
        cp "$name.png" "$name-diff.png" "$failures"
        fail "$name" "see $failures"
    fi
}

while read -r -a row; do
    case ${row[0]-} in
    '' | '#'*) continue ;;
    esac
    if [ $# = 0 ] || [[ $wanted = *" ${row[0]} "* ]]; then
        run_case "${row[@]}"
    fi
done <"$golden/cases"
[ "$update" = yes ] && exit "$failed"

# It can fail: a run with a slightly different setting is not taken for the golden one.
"$nst" -c photo.png -s oil.png -S 96 -n 10 --coarse-iterations 10 --scales 2 --optimizer adam \
    --content-weight 0.022 --tv-weight 0.5 -q -o adam.png
if compare adam 55 0.999 >/dev/null 2>&1; then
    fail planted "another content weight was not noticed"
fi
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
