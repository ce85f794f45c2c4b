#!/usr/bin/env bash
# The Debian packages that CPack makes of this build: their names, what they need, what is in them, and
# what lintian finds. The program of the package paints. tests/package/debian.sh installs them.
set -u
: "${NST_BUILD_DIR:?the build folder}" "${NST_PROJECT_DIR:?the project}"
skip() {
    echo "SKIP: all, $*"
    exit 0
}
entry() { # NAME: of CMake's cache
    sed -n "s/^$1:[A-Z]*=//p" "$NST_BUILD_DIR/CMakeCache.txt"
}
for tool in cpack dpkg-deb dpkg-shlibdeps; do
    command -v $tool >/dev/null || skip "there is no $tool"
done
[ "$(entry CMAKE_INSTALL_PREFIX)" = /usr ] || skip "packages are made of a build for /usr: -DCMAKE_INSTALL_PREFIX=/usr"
[ -z "$(entry NST_SANITIZE)" ] || skip "no package is made of a build with sanitizers"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
bad=0
complain() {
    echo "$*"
    bad=1
}
umask 022
if ! cpack --config "$NST_BUILD_DIR/CPackConfig.cmake" -G DEB -B "$work" >log 2>&1; then
    cat log
    exit 1
fi

version=$(entry CMAKE_PROJECT_VERSION)-1
arch=$(dpkg --print-architecture)
field() { # PACKAGE NAME
    dpkg-deb -f "$1_${version}_$arch.deb" "$2"
}
for package in nst libnst0 libnst-dev; do
    file=${package}_${version}_$arch.deb
    if ! [ -s "$file" ]; then
        complain "there is no $file: $(echo ./*.deb)"
        cat log
        exit 1
    fi
    dpkg-deb -x "$file" "$package"
    dpkg-deb -c "$file" >list
    awk '$2 != "root/root"' list | grep . && complain "$file: the above belong to others than root"
    awk '$6 !~ /^\.\/usr\//' list | grep -v ' \./$' | grep . && complain "$file: the above lie outside of /usr"
    (cd $package && find . ! -type d) | sort >"$package.files"
    doc=$package/usr/share/doc/$package
    grep -q '^Files: weights/vgg19-half.safetensors$' "$doc/copyright" ||
        complain "$file: its copyright says nothing of the model"
    zcat "$doc/changelog.Debian.gz" | head -n 1 | grep -qF "nst ($version)" || complain "$file: has no changelog"
    [ "$(field $package Description | wc -l)" -ge 3 ] || complain "$file: describes itself too shortly"
    field $package Description | head -n 1 | grep -q 'style' || complain "$file: its summary is not its own"
done
[ -s "$NST_PROJECT_DIR/weights/vgg19-half.safetensors" ] || complain "the copyright speaks of another model"
sort nst.files libnst0.files libnst-dev.files | uniq -d | grep . && complain "the above are in two packages"

libdir=usr/lib/$(dpkg-architecture -q DEB_HOST_MULTIARCH 2>/dev/null)
holds() { # PACKAGE FILE...
    local package=$1
    shift
    for file in "$@"; do
        grep -qx "\./$file" "$package.files" || complain "$package has no $file"
    done
}
holds nst usr/bin/nst usr/share/nst/styles/oil.jpg usr/share/bash-completion/completions/nst \
    usr/share/zsh/vendor-completions/_nst usr/share/fish/vendor_completions.d/nst.fish
for page in "$NST_PROJECT_DIR"/src/door/*.1; do
    holds nst "usr/share/man/man1/${page##*/}.gz"
done
holds libnst0 "$libdir/libnst.so.0"
holds libnst-dev usr/include/nst.h "$libdir/libnst.so" "$libdir/libnst.a" "$libdir/pkgconfig/nst.pc" \
    "$libdir/cmake/nst/nst-config.cmake"
for package in nst libnst0; do
    field $package Depends | grep -q libopenblas0 || complain "$package does not depend on OpenBLAS"
done
# Libraries that are loaded on demand: only scripts/packaging/package.cmake names their packages.
for library in tiff heif microhttpd; do
    grep -rqaF "lib$library.so" nst/usr/bin/nst 2>/dev/null || continue
    field nst Depends | grep -q "lib$library" || complain "nst does not depend on lib$library"
done
field libnst-dev Depends | grep -qF "libnst0 (= $version)" || complain "libnst-dev does not depend on its library"
readelf -S nst/usr/bin/nst 2>/dev/null | grep -q '\.debug_info' && complain "the program is not stripped"

if command -v lintian >/dev/null; then
    lintian --fail-on error,warning ./*.deb >log 2>&1 || complain "lintian: $(grep '^[EW]:' log)"
else
    echo "SKIP: lintian is not installed"
fi

# The program of the package, where it was unpacked.
printf 'P3 32 24 255\n' >photo.ppm
awk 'BEGIN { for (i = 0; i < 32 * 24; i++) print i * 7 % 256, i * 3 % 256, i % 256 }' >>photo.ppm
nst/usr/bin/nst -q -c photo.ppm -s oil -o out.png -S 32 -n 2 --scales 1 2>log
[ -s out.png ] || complain "the program of the package does not paint: $(cat log)"
exit $bad
