# shellcheck shell=bash disable=SC2034
# What the scripts share: installing packages, building. Sourced, not run.

root=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)

say() {
    printf '%s\n' "$*" >&2
}

# install_missing PACKAGE...: whatever of these Debian packages is not there yet.
install_missing() {
    local missing=() package
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "This is not Debian or Ubuntu; these packages are taken for granted: $*"
        return 0
    fi
    for package in "$@"; do
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" != installed ]; then
            missing+=("$package")
        fi
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        as_root=(sudo)
    fi
    say "Installing from Debian's packages: ${missing[*]}"
    local log
    log=$(mktemp)
    if ! { "${as_root[@]}" apt-get update &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y --no-install-recommends "${missing[@]}"; } >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        say "Could not install ${missing[*]}"
        return 1
    fi
    rm -f "$log"
}

build_packages=(gcc libc6-dev cmake make pkg-config libopenblas-dev libstb-dev libcjson-dev
    liblcms2-dev libjpeg-dev libpng-dev libwebp-dev libtiff-dev libheif-dev
    libmicrohttpd-dev)
test_packages=(libcmocka-dev gfortran time locales valgrind shellcheck clang-format man-db groff chromium curl wget python3
    python3-numpy python3-h5py python3-scipy python3-pil python3-websocket imagemagick libvips-tools
    webp libheif-examples libavif-bin libimage-exiftool-perl dpkg-dev file lintian)

# build FOLDER [cmake options]: configure and build quietly; the log is shown when that fails. NST_TARGET
# names the one target to build.
build() {
    local folder=$1 log
    shift
    log=$(mktemp)
    if ! { cmake -S "$root" -B "$folder" "$@" && cmake --build "$folder" -j "$(nproc)" \
        ${NST_TARGET:+--target "$NST_TARGET"}; } >"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        say "Could not build in $folder"
        return 1
    fi
    rm -f "$log"
}
