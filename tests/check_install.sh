#!/usr/bin/env bash
# What `cmake --install` leaves: every file, a program that runs, a header that stands alone, and a
# library that a program of twenty lines finds by pkg-config.
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${NST_BUILD_DIR:?the build folder}"
: "${CC:=cc}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0

complain() {
    echo "$*"
    [ -s "$work/log" ] && cat "$work/log"
    bad=1
}
entry() { # NAME: of CMake's cache
    sed -n "s/^$1:[A-Z]*=//p" "$NST_BUILD_DIR/CMakeCache.txt"
}

DESTDIR=$work/root cmake --install "$NST_BUILD_DIR" >"$work/log" 2>&1 || complain "cannot be installed"
: >"$work/log"
prefix=$work/root$(entry CMAKE_INSTALL_PREFIX)
pkgconfig=$(find "$prefix" -name nst.pc -exec dirname {} +)
pages=$(cd "$here/../src/door" && printf 'share/man/man1/%s ' *.1)
for file in bin/nst include/nst.h share/doc/nst/LICENSE share/doc/nst/CHANGELOG.md $pages \
    share/bash-completion/completions/nst share/zsh/site-functions/_nst \
    share/fish/vendor_completions.d/nst.fish share/nst/styles/oil.jpg; do
    [ -s "$prefix/$file" ] || complain "$file is missing"
done
[ -s "$(dirname "$pkgconfig")/libnst.a" ] || complain "libnst.a is missing"
[ -z "$(find "$work/root" -type f ! -path "$prefix/*")" ] || complain "something lies outside of the prefix"
"$prefix/bin/nst" --version | grep -q '^nst [0-9.]*$' || complain "the installed nst does not run"

"$prefix/bin/nst" styles --paths >"$work/log" || complain "the installed nst does not find its styles"
while read -r name path; do
    [ "$(realpath "$path")" = "$(realpath "$prefix")/share/nst/styles/$name.jpg" ] || complain "$name is read from $path"
done <"$work/log"

# The header alone.
echo '#include <nst.h>' >"$work/alone.c"
cp "$work/alone.c" "$work/alone.cpp"
strict=(-Wall -Wextra -Wpedantic -Werror -fsyntax-only -I "$prefix/include")
"$CC" -std=c11 "${strict[@]}" "$work/alone.c" 2>"$work/log" || complain "nst.h is not strict C11"
if command -v c++ >/dev/null; then
    c++ -std=c++17 "${strict[@]}" "$work/alone.cpp" 2>"$work/log" || complain "nst.h is not C++17"
else
    echo "SKIP: no C++ compiler"
fi

# The library.
sanitize=$(entry NST_SANITIZE)
export PKG_CONFIG_PATH=$pkgconfig
read -ra flags < <(pkg-config --define-variable=prefix="$prefix" --cflags --libs nst 2>"$work/log")
[ ${#flags[@]} -gt 0 ] || complain "pkg-config does not find nst"
if "$CC" -std=c11 -Wall -Wextra -Wpedantic -Werror ${sanitize:+-fsanitize="$sanitize"} \
    "$here/install/small.c" "${flags[@]}" -o "$work/small" >"$work/log" 2>&1; then
    got=$("$work/small" 2>"$work/log") || complain "the program fails"
    [ "$got" = 32x24 ] || complain "the program says '$got', expected 32x24"
else
    complain "the program does not build with ${flags[*]}"
fi
[ "$(pkg-config --modversion nst)" = "$("$prefix/bin/nst" --version | cut -d' ' -f2)" ] ||
    complain "nst.pc and nst have different versions"
exit $bad
