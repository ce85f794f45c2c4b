#!/usr/bin/env bash
# The unit tests under valgrind, one per processor at a time: any error or leak fails. BUILD is a
# build folder.
#
#     tests/valgrind.sh BUILD
set -u
build=$1
here=$(dirname "$(readlink -f "$0")")
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# Valgrind has no AVX-512, and fused multiplication is many times slower under it. So the narrowest
# vectors are used. Tests that would take minutes do less when NST_UNDER_VALGRIND is set.
check() {
    local name=${1##*/}
    NST_UNDER_VALGRIND=1 NST_ISA=base OPENBLAS_CORETYPE=Nehalem OPENBLAS_NUM_THREADS=1 \
        valgrind -q --leak-check=full --errors-for-leak-kinds=definite \
        --error-exitcode=9 --suppressions="$2/valgrind.supp" "$1" >"$3/$name.log" 2>&1 ||
        touch "$3/$name.failed"
    touch "$3/$name.done"
}
export -f check

# Gradients at full width would take many minutes; they run under the sanitizers.
find "$build/tests" -maxdepth 1 -name 'test_*' -type f -perm /111 ! -name 'test_full_width*' -print0 |
    xargs -0 -P "$(nproc)" -I {} bash -c 'check "$@"' check {} "$here" "$logs"

for failed in "$logs"/*.failed; do
    [ -e "$failed" ] || continue
    echo "FAIL $(basename "$failed" .failed)"
    tail -n 40 "${failed%.failed}.log"
done
count() {
    find "$logs" -name "*.$1" | wc -l
}
echo "$(count "done") ran, $(count failed) failed"
[ "$(count "done")" -gt 0 ] && [ "$(count failed)" -eq 0 ]
