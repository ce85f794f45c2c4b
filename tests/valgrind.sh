#!/usr/bin/env bash
# The unit tests under valgrind: any error or leak fails. BUILD is a build folder.
set -u
build=$1
failed=0 passed=0
for program in "$build"/tests/test_*; do
    if [ ! -x "$program" ] || [ -d "$program" ]; then
        continue
    fi
    name=$(basename "$program")
    # Full-width gradients would take many minutes here; the sanitizers see them.
    case $name in
    test_full_width*) continue ;;
    esac
    if NST_UNDER_VALGRIND=1 NST_ISA=avx2 OPENBLAS_CORETYPE=Haswell OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=2 \
        valgrind -q --leak-check=full --errors-for-leak-kinds=definite --error-exitcode=9 \
        --suppressions="$(dirname "$0")/valgrind.supp" "$program" >/tmp/nst-valgrind.$$ 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAIL $name"
        tail -n 40 /tmp/nst-valgrind.$$
    fi
done
rm -f /tmp/nst-valgrind.$$
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
