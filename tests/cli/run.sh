#!/bin/bash
# Runs the command line cases of this folder.
#
#   NST=build/nst tests/cli/run.sh [--update] [case ...]
#
# A case is NAME.sh, with the expected standard output in NAME.out, standard error in NAME.err and
# exit status in NAME.exit (missing: empty, empty, 0). It runs by bash in an empty folder that
# holds content.ppm (24x16), style.ppm (16x24) and noise.ppm (24x16), with
#   nst      the program under test, first on the PATH
#   $quick   options that make a run as short as it can be
#   try      shows a command on standard error, runs it, and shows its exit status if not 0
#   hex      the first N bytes of a file or of standard input, in hexadecimal
# Times and losses are replaced by T and L before comparing. --update writes what came out as
# the new expectation: read the diff before committing it.
set -u
cases=$(cd "$(dirname "$0")" && pwd)
: "${NST:?path of the nst binary}"
: "${NST_PROJECT_DIR:=$(cd "$cases/../.." && pwd)}"
export NST_PROJECT_DIR
export quick="-S 24 -n 2 --scales 1 -j 2"
update=no
[ "${1-}" = --update ] && update=yes && shift

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/inputs"
export XDG_CONFIG_HOME=$folder/config XDG_DATA_HOME=$folder/data # nobody's defaults
ln -s "$(realpath "$NST")" "$folder/bin/nst"
PATH=$folder/bin:$PATH

# picture WIDTH HEIGHT R G B: a plain-text PPM whose pixels are those three awk expressions.
picture() {
    awk -v w="$1" -v h="$2" "BEGIN {
        print \"P3\", w, h, 255
        srand(1)
        for (y = 0; y < h; y++)
            for (x = 0; x < w; x++)
                print int($3) % 256, int($4) % 256, int($5) % 256
    }"
}
picture 24 16 'x * 10' 'y * 15' '255 - x * 10' >"$folder/inputs/content.ppm"
picture 16 24 '(x + y) % 4 * 60' '(x - y + 24) % 6 * 40' '30' >"$folder/inputs/style.ppm"
picture 24 16 'rand() * 256' 'rand() * 256' 'rand() * 256' >"$folder/inputs/noise.ppm"

try() {
    local status=0
    echo "\$ $*" >&2
    "$@" || status=$?
    [ "$status" = 0 ] || echo "exit $status" >&2
}
hex() {
    head -c "$1" "${2--}" | od -An -v -tx1 | tr -d ' \n'
    echo
}
export -f try hex

normalize() {
    sed -E -e 's/[0-9.]+ s( |,|$)/T s\1/g' -e 's/\b(content|style|tv) [0-9][-+.0-9e]*/\1 L/g' "$1"
}

# expected NAME KIND DEFAULT
expected() {
    if [ -e "$cases/$1.$2" ]; then cat "$cases/$1.$2"; else printf '%s' "$3"; fi
}

# keep NAME KIND FILE DEFAULT: FILE is the new expectation.
keep() {
    if [ "$(cat "$3")" = "$4" ]; then rm -f "$cases/$1.$2"; else cp "$3" "$cases/$1.$2"; fi
}

# Only a hang takes this long, on a busy machine and under a sanitizer too.
limit=900

passed=0
failed=0
run_case() {
    local name=$1 work=$folder/work results=$folder/results status=0
    rm -rf "$work" "$results"
    mkdir "$results"
    cp -r "$folder/inputs" "$work"
    (cd "$work" && exec timeout "$limit" bash -u "$cases/$name.sh") \
        >"$results/raw.out" 2>"$results/raw.err" </dev/null || status=$?
    normalize "$results/raw.out" >"$results/out"
    normalize "$results/raw.err" >"$results/err"
    echo "$status" >"$results/exit"
    [ "$status" != 124 ] || echo "$name: timed out after $limit s" >&2

    if [ "$update" = yes ]; then
        keep "$name" out "$results/out" ''
        keep "$name" err "$results/err" ''
        keep "$name" exit "$results/exit" 0
    fi
    if diff -u --label expected --label got <(expected "$name" out '') "$results/out" &&
        diff -u --label expected --label got <(expected "$name" err '') "$results/err" &&
        diff -u --label expected --label got <(expected "$name" exit $'0\n') "$results/exit"; then
        echo "ok $name"
        passed=$((passed + 1))
    else
        echo "FAIL $name"
        failed=$((failed + 1))
    fi
}

if [ $# = 0 ]; then
    for file in "$cases"/*.sh; do
        name=$(basename "$file" .sh)
        [ "$name" = run ] || set -- "$@" "$name"
    done
fi
for name in "$@"; do
    if [ ! -f "$cases/$name.sh" ]; then
        echo "FAIL $name: there is no $name.sh"
        failed=$((failed + 1))
        continue
    fi
    run_case "$name"
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
