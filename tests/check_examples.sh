#!/usr/bin/env bash
# The library from Python: the same picture as the program paints, and an answer to Ctrl-C.
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${NST:?the program}" "${NST_BUILD_DIR:?the build folder}"
python=/usr/bin/python3
if ! $python -c 'import numpy, PIL' 2>/dev/null; then
    echo "SKIP: all, python3-numpy and python3-pil are not there"
    exit 0
fi
if ! grep -q '^NST_SANITIZE:[A-Z]*=$' "$NST_BUILD_DIR/CMakeCache.txt"; then
    echo "SKIP: all, Python does not load a library that was built with a sanitizer"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
fail() {
    echo "$*"
    cat log
    exit 1
}

$python - <<'END'
import numpy
for name, height, width in ("content", 45, 60), ("style", 50, 40):
    y, x = numpy.mgrid[:height, :width]
    picture = numpy.stack([(x * 7 + y * k * 3) % 256 for k in (1, 2, 5)], axis=2).astype(numpy.uint8)
    open(name + ".ppm", "wb").write(b"P6 %d %d 255\n" % (width, height) + picture.tobytes())
END

paint() { # OUTPUT NAME=VALUE...
    $python "$here/examples/paint.py" "$NST_BUILD_DIR/libnst.so" content.ppm style.ppm "$@"
}
paint python.ppm size=48 scales=2 iterations=4 coarse-iterations=3 style-weight=2 2>log ||
    fail "paint.py does not paint"
[ "$(grep -c . log)" -ge 7 ] || fail "paint.py tells of too few iterations"
"$NST" -q -c content.ppm -s style.ppm -o program.png -S 48 --scales 2 -n 4 --coarse-iterations 3 \
    --style-weight 2 2>log || fail "nst does not paint"
$python - <<'END' >log 2>&1 || fail "Python and the program paint different pictures"
import numpy, PIL.Image
program = numpy.asarray(PIL.Image.open("program.png").convert("RGB"))
python = numpy.asarray(PIL.Image.open("python.ppm"))
assert program.shape == python.shape, (program.shape, python.shape)
assert (program == python).all(), abs(program.astype(int) - python).max()
END
paint never.ppm size=17 color=blue 2>log && fail "a wrong option is taken"
grep -q 'color blue: expected style, luma or match' log || fail "a wrong option is not explained"

set -m # so that the background process does not ignore SIGINT
paint stopped.ppm size=48 scales=1 iterations=100000 2>log &
for _ in $(seq 600); do
    [ -s log ] && break
    sleep 0.05
done
kill -INT $!
wait $! || fail "interrupted, paint.py fails"
[ -s stopped.ppm ] || fail "interrupted, paint.py writes nothing"
