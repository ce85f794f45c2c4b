#!/usr/bin/env bash
# What the tests of the server share. Sourced; needs NST, the path of the nst binary.
: "${NST:?path of the nst binary}"
NST=$(realpath "$NST")
case $("$NST" serve --port 0 --folder /proc/none 2>&1) in
*"built without a server"*)
    echo "SKIP: all: this nst was built without a server"
    exit 0
    ;;
esac
command -v curl >/dev/null || { echo "SKIP: all: curl is not installed"; exit 0; }
folder=$(mktemp -d)
server=
leave() {
    [ -z "$server" ] || { kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; }
    rm -rf "$folder"
}
trap leave EXIT
cd "$folder" || exit 1

fail() {
    echo "FAIL: $*"
    exit 1
}

# start [OPTION...]: a server on a free port; $at is its address.
start() {
    : >server.log # of the server before
    "$NST" serve --port 0 "$@" 2>server.log &
    server=$!
    for _ in $(seq 6000); do
        at=$(sed -n 's,^nst serves \(http://[^#]*\)/.*,\1,p' server.log)
        [ -n "$at" ] && return
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    cat server.log
    fail 'the server did not start'
}

# picture WIDTH HEIGHT SEED: a PPM
picture() {
    awk -v w="$1" -v h="$2" -v s="$3" 'BEGIN { print "P3", w, h, 255
        for (i = 0; i < w * h; i++) print i * (s + 7) % 256, i * 3 % 256, (i + 40 * s) % 256 }'
}

# value NAME: of the JSON object on standard input, as far as sed can tell: the first of that name.
value() {
    tr -d '\n' | sed -nE "s/^[^{]*\{(.*[,{])?\"$1\":(\"([^\"]*)\"|([^,}]*)).*/\3\4/p"
}

# wait_for ID STATE
wait_for() {
    for _ in $(seq 6000); do
        state=$(curl -s "$at/api/runs/$1" | value state)
        [ "$state" = "$2" ] && return
        case $state in queued | running) ;; *) break ;; esac
        sleep 0.1
    done
    curl -s "$at/api/runs/$1"
    fail "the run is $state, expected $2"
}
