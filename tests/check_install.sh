#!/usr/bin/env bash
# What `cmake --install` installs: every file, a program that runs, a header that compiles alone, and a
# library that a small program finds by pkg-config.
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

# The library, by pkg-config: its paths follow the tree. Linked as it is, and from the archive.
sanitize=$(entry NST_SANITIZE)
libdir=$(dirname "$pkgconfig")
export PKG_CONFIG_PATH=$pkgconfig LD_LIBRARY_PATH=$libdir
read -ra flags < <(pkg-config --cflags --libs nst 2>"$work/log")
read -ra needs < <(pkg-config --static --libs nst 2>"$work/log")
needs=("${needs[@]/#-lnst/$libdir/libnst.a}")
[ ${#flags[@]} -gt 0 ] || complain "pkg-config does not find nst"
says() { # WHAT COMMAND...: the program of twenty lines, however it was built
    local what=$1
    shift
    got=$("$@" 2>"$work/log") || complain "$what fails"
    [ "$got" = 32x24 ] || complain "$what says '$got', expected 32x24"
}
build() { # OUTPUT FLAGS...
    local output=$1
    shift
    "$CC" -std=c11 -Wall -Wextra -Wpedantic -Werror ${sanitize:+-fsanitize="$sanitize"} \
        "$here/install/small.c" "$@" -o "$output" >"$work/log" 2>&1 ||
        complain "the program does not build with $*"
}
build "$work/small" "${flags[@]}" && says "the program" "$work/small"
ldd "$work/small" | grep -q "libnst.so.0 => $libdir/" || complain "the program does not use libnst.so.0"
# Packages that the static archive needs may be missing here: OpenBLAS names libgfortran.
echo 'int main(void) { return 0; }' >"$work/empty.c"
if "$CC" "$work/empty.c" "${needs[@]/#*libnst.a/-lm}" -o "$work/empty" 2>"$work/log"; then
    build "$work/apart" "${flags[0]}" "${needs[@]}" && says "the static program" "$work/apart"
    ldd "$work/apart" | grep -q libnst && complain "the static program uses libnst.so"
else
    echo "SKIP: the archive: $(tail -n 1 <(grep cannot "$work/log"))"
fi

# The library exports exactly what the header declares.
nm -D --defined-only "$libdir/libnst.so" | sed -n 's/.* T \(nst_[a-z_]*\).*/\1/p' | sort >"$work/shown"
tr '\n' ' ' <"$prefix/include/nst.h" | grep -oE 'NST_API [^(;]*\(' | grep -oE 'nst_[a-z_]+\($' |
    tr -d '(' | sort >"$work/offered"
: >"$work/log"
[ "$(wc -l <"$work/offered")" -gt 30 ] || complain "nst.h offers too little to be read"
diff "$work/offered" "$work/shown" >"$work/log" || complain "libnst.so shows (>) other than nst.h offers (<)"

# By CMake, from a tree that was moved.
cp -r "$prefix" "$work/elsewhere"
mkdir "$work/user"
cat >"$work/user/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.22)
project(user LANGUAGES C)
find_package(nst 0.1 REQUIRED COMPONENTS static)
foreach(kind nst static)
    add_executable(with_\${kind} "$here/install/small.c")
    target_link_libraries(with_\${kind} PRIVATE nst::\${kind})
endforeach()
EOF
if cmake -S "$work/user" -B "$work/user/build" -DCMAKE_C_COMPILER="$CC" \
    -DCMAKE_PREFIX_PATH="$work/elsewhere" -DCMAKE_C_FLAGS="${sanitize:+-fsanitize=$sanitize}" >"$work/log" 2>&1 &&
    cmake --build "$work/user/build" >"$work/log" 2>&1; then
    says "the program by CMake" "$work/user/build/with_nst"
    says "the static program by CMake" "$work/user/build/with_static"
else
    complain "find_package(nst) does not do"
fi
[ "$(pkg-config --modversion nst)" = "$("$prefix/bin/nst" --version | head -n 1 | cut -d' ' -f2)" ] ||
    complain "nst.pc and nst have different versions"

# Uninstalling removes everything that was installed, and nothing else.
touch "$prefix/share/doc/somebody" "$prefix/include/nst_not_ours.h"
find "$work/root" ! -type d >"$work/all"
DESTDIR=$work/root cmake -P "$NST_BUILD_DIR/uninstall.cmake" >"$work/log" 2>&1 || complain "cannot be removed"
: >"$work/log"
find "$work/root" ! -type d >"$work/left"
[ "$(wc -l <"$work/all")" -gt 30 ] || complain "too little was installed to be removed"
printf '%s\n' "$prefix/include/nst_not_ours.h" "$prefix/share/doc/somebody" | diff - <(sort "$work/left") >"$work/log" ||
    complain "left behind (>) or taken away (<)"
: >"$work/log"
find "$work/root" -type d -empty | grep -E '/nst(/|$)' && complain "the above folders are left"
DESTDIR=$work/root cmake -P "$NST_BUILD_DIR/uninstall.cmake" >"$work/log" 2>&1 && complain "nothing is removed twice"
grep -q 'no such file; nothing was' "$work/log" || complain "removing twice is not explained"
exit $bad
