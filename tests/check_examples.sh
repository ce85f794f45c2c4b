#!/usr/bin/env bash
# The examples of the library in C and Python: they paint the same pictures as the program, explain
# wrong options, and end at Ctrl-C with the picture so far.
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${NST:?the program}" "${NST_BUILD_DIR:?the build folder}" "${CC:=cc}"
python=/usr/bin/python3
sanitize=$(sed -n 's/^NST_SANITIZE:[A-Z]*=//p' "$NST_BUILD_DIR/CMakeCache.txt")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
fail() {
    echo "$*"
    cat log
    exit 1
}

# A picture without zero bytes and line ends, so that any awk can write it.
picture() { # FILE WIDTH HEIGHT
    LC_ALL=C awk -v w="$2" -v h="$3" 'BEGIN {
        printf "P6 %d %d 255\n", w, h
        for (i = 0; i < w * h; i++)
            for (k = 1; k <= 5; k += 2) printf "%c", 33 + (i % w * 7 + int(i / w) * k * 3) % 90
    }' >"$1"
}
picture content.ppm 60 45
picture other.ppm 31 52
picture style.ppm 50 40
for name in content other; do
    "$NST" -q -c $name.ppm -s style.ppm -o $name.png -S 48 --scales 2 -n 4 --coarse-iterations 3 \
        --style-weight 2 2>log || fail "nst does not paint"
done
options=(size=48 scales=2 iterations=4 coarse-iterations=3 style-weight=2)

# paint.c takes settings before the names of pictures, paint.py after them.
paint_c() { # CONTENT OUTPUT NAME=VALUE...
    ./paint style.ppm "${@:3}" -- "$1" "$2"
}
paint_python() {
    $python "$here/examples/paint.py" "$NST_BUILD_DIR/libnst.so" "$1" style.ppm "${@:2}"
}

check() { # LANGUAGE
    local paint=paint_$1
    "$paint" content.ppm "$1.ppm" "${options[@]}" 2>log || fail "$1 does not paint"
    [ "$(grep -c . log)" -ge 7 ] || fail "$1 tells of too few iterations"
    "$NST" compare --max-diff 0 "$1.ppm" content.png >log 2>&1 || fail "$1 and the program paint different pictures"
    "$paint" content.ppm never.ppm size=17 color=blue 2>log && fail "$1 takes a wrong option"
    grep -q 'color blue: expected style, luma or match' log || fail "$1 does not explain a wrong option"
    [ ! -e never.ppm ] || fail "$1 paints with a wrong option"

    set -m # so that the background process does not ignore SIGINT
    "$paint" content.ppm "stopped-$1.ppm" size=48 scales=1 iterations=100000 2>log &
    for _ in $(seq 12000); do
        [ "$(grep -c . log)" -gt 6 ] && break
        sleep 0.05
    done
    kill -INT -- -$!
    wait $! || fail "interrupted, $1 fails"
    set +m
    [ -s "stopped-$1.ppm" ] || fail "interrupted, $1 writes nothing"
}

"$CC" -std=c11 -Wall -Wextra -Wpedantic -Werror ${sanitize:+-fsanitize="$sanitize"} -I "$here/../include" \
    "$here/examples/paint.c" "$NST_BUILD_DIR/libnst.so" -Wl,-rpath,"$NST_BUILD_DIR" -o paint >log 2>&1 ||
    fail "paint.c does not build"
check c
./paint style.ppm "${options[@]}" -- other.ppm 1.ppm content.ppm 2.ppm other.ppm 3.ppm 2>log ||
    fail "paint.c does not paint three pictures"
for pair in "c.ppm 2.ppm" "1.ppm 3.ppm" "1.ppm other.png"; do
    "$NST" compare --max-diff 0 "${pair% *}" "${pair#* }" >log 2>&1 ||
        fail "a session paints other pictures than single runs"
done
./paint never.ppm -- content.ppm never2.ppm 2>log && fail "a file that is not there is taken"
grep -q 'never.ppm: expected a binary PPM' log || fail "a file that is not there is not explained"

if ! $python -c 'import numpy, PIL' 2>/dev/null; then
    echo "SKIP: Python, python3-numpy or python3-pil is not there"
elif [ -n "$sanitize" ]; then
    echo "SKIP: Python, it does not load a library that was built with a sanitizer"
else
    check python
fi
