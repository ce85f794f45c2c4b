#!/usr/bin/env bash
# A build with the four packages that nst needs and no other: it paints with PNG and JPEG, and says of
# everything else which package brings it.
set -u
: "${NST_BUILD_DIR:?the build folder}" "${NST_PROJECT_DIR:?the project}"
if ! grep -q '^NST_SANITIZE:[A-Z]*=$' "$NST_BUILD_DIR/CMakeCache.txt"; then
    echo "SKIP: all: once is enough, without sanitizers"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0
complain() {
    echo "$*"
    bad=1
}
launcher=$(sed -n 's/^CMAKE_C_COMPILER_LAUNCHER:[A-Z]*=//p' "$NST_BUILD_DIR/CMakeCache.txt")
if ! { cmake -S "$NST_PROJECT_DIR" -B build -DBUILD_TESTING=OFF -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS=-O1 \
    -DCMAKE_C_COMPILER="${CC:-cc}" ${launcher:+-DCMAKE_C_COMPILER_LAUNCHER="$launcher"} \
    '-DNST_LEAVE_OUT=LCMS;JPEG;PNG;WEBP;TIFF;HEIF;MICROHTTPD' &&
    cmake --build build --target nst_program; } >log 2>&1; then
    tail -n 40 log
    exit 1
fi
nst=build/nst

awk 'BEGIN { print "P3 32 24 255"; for (i = 0; i < 32 * 24; i++) print i * 7 % 256, i * 3 % 256, i % 256 }' >photo.ppm
quick=(-q -s oil -S 32 -n 2 --scales 1)
"$nst" "${quick[@]}" -c photo.ppm -o a.png || complain "paints no PNG"
"$nst" "${quick[@]}" -c a.png -o b.jpg || complain "reads no PNG, or paints no JPEG"
"$nst" "${quick[@]}" -c b.jpg -o c.png || complain "reads no JPEG"

"$nst" --version >said
for package in libwebp-dev libtiff-dev libheif-dev liblcms2-dev; do
    grep -q "left out .*$package" said || complain "--version does not say that $package brings what is left out"
done
says() { # PACKAGE COMMAND...: fails with one line that names it
    local package=$1
    shift
    "$@" >said 2>&1 && complain "$* does not fail"
    if [ "$(grep -vc '^Try ' said)" != 1 ] || ! grep -q "$package" said; then
        complain "$*: expected one line with $package, got: $(cat said)"
    fi
}
says libwebp-dev "$nst" "${quick[@]}" -c photo.ppm -o d.webp
says libmicrohttpd-dev "$nst" serve
says libmicrohttpd-dev "$nst" serve --port 0
printf 'RIFF\044\0\0\0WEBPVP8 \030\0\0\0\060\001\0\235\001\052\001\0\001\0\002\0\064\045\244\0\003p\0\376\373\224\0\0' >e.webp
says libwebp-dev "$nst" "${quick[@]}" -c e.webp -o e.png
exit $bad
