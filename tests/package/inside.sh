#!/usr/bin/env bash
# Inside of a fresh Debian, as root: installs the packages of /share, paints, and removes them again; or
# does so with the archive. Run by debian.sh.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
kind=$1
export DEBIAN_FRONTEND=noninteractive
fail() {
    echo "FAIL $*"
    exit 1
}
quietly() { # COMMAND...: its output only when it fails
    "$@" >/tmp/log 2>&1 || {
        cat /tmp/log
        fail "$*"
    }
}
paints() { # NST OUTPUT ARGUMENT...: a picture comes out, and it is not the photo
    local nst=$1 output=$2
    shift 2
    quietly "$nst" -q "$@" -s oil -S 192 -n 20 -o "$output"
    [ -s "$output" ] || fail "$output was not written"
    quietly "$nst" compare "$output" "$output"
    echo "ok $(basename "$nst") $* -o $output"
}

if [ "$kind" = deb ]; then
    quietly apt-get update
    state() { # what is installed, and every file outside of what changes anyway
        {
            dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' | grep -v ' config-files$'
            find / -xdev \( -path /proc -o -path /dev -o -path /tmp -o -path /var -o -path /nst -o -path /share \
                -o -path /run -o -path /etc/ld.so.cache -o -path '*/__pycache__' \) -prune -o -print
        } | sort
    }
    state >/tmp/before

    quietly apt-get install -y /share/nst_*.deb
    cd /tmp
    paints nst out.png -c /share/photo.heic
    paints nst out.avif -c /share/photo.jpg
    cp /share/photo.heic phone.heic
    quietly nst -q -c phone.heic -s oil -S 128
    [ -s phone_oil.png ] || fail "there is no phone_oil.png beside phone.heic"
    nst --version
    nst styles | grep -q oil || fail "nst does not know its styles"

    quietly apt-get install -y --no-install-recommends gcc libc6-dev pkg-config /share/libnst*.deb
    # shellcheck disable=SC2046 # words
    quietly gcc "$here/../install/small.c" $(pkg-config --cflags --libs nst) -o small
    [ "$(./small)" = 32x24 ] || fail "the program of twenty lines says '$(./small)', expected 32x24"
    ldd small | grep -q 'libnst.so.0 => /usr/lib' || ldd small | grep -q 'libnst.so.0 => /lib' ||
        fail "the program of twenty lines does not use the library of the package"
    echo "ok a program with libnst"

    for package in nst libnst-dev libnst0; do
        quietly apt-get purge -y "$package"
        [ -z "$(dpkg -L "$package" 2>/dev/null)" ] || fail "$package is still there"
    done
    quietly apt-get purge -y gcc libc6-dev pkg-config
    quietly apt-get purge -y --autoremove
    state >/tmp/after
    # What came for nst and is wanted by others too stays. "nst" counts as a word: "installed" has it too.
    left=$(comm -13 /tmp/before /tmp/after | grep -E '(^|[^a-z])(lib)?nst([^a-z]|$)' || true)
    [ -z "$left" ] || fail "left behind: $left"
    lost=$(comm -23 /tmp/before /tmp/after)
    [ -z "$lost" ] || fail "taken away: $lost"
    echo "ok removed"
else
    where="/opt/a folder"
    mkdir -p "$where"
    tar -C "$where" -xzf /share/nst-*.tar.gz
    nst=$(echo "$where"/nst-*/bin/nst)
    before=$(dpkg-query -W | wc -l)
    cd /tmp
    paints "$nst" out.webp -c /share/photo.jpg
    paints "$nst" out.tiff -c out.webp
    paints "$nst" out.png -c out.tiff
    "$nst" --version
    "$nst" -c /share/photo.heic -s oil -o no.png 2>/tmp/log && fail "HEIC is read, though libheif is left out"
    grep -qi heif /tmp/log || fail "the message on HEIC: $(cat /tmp/log)"

    mkdir serving
    "$nst" serve --port 8199 >/tmp/serve.log 2>&1 &
    server=$!
    answer=''
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        if exec 3<>/dev/tcp/127.0.0.1/8199; then
            printf 'GET / HTTP/1.0\r\nHost: 127.0.0.1:8199\r\n\r\n' >&3
            read -r answer <&3
            exec 3>&-
            break
        fi 2>/dev/null
        sleep 1
    done
    kill "$server"
    wait "$server" || true
    [[ $answer == *200* ]] || fail "nst serve answers '$answer': $(cat /tmp/serve.log)"
    echo "ok nst serve"
    [ "$(dpkg-query -W | wc -l)" = "$before" ] || fail "packages were installed"
fi
