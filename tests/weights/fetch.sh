#!/usr/bin/env bash
# nst weights fetch by curl and by wget, from a server on the loopback interface that fails in many ways
# (server.py).
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${NST:?path of the nst binary}"
: "${NST_PROJECT_DIR:=$(cd "$here/../.." && pwd)}"
NST=$(realpath "$NST")
if ! python3 -c 'import http.server' 2>/dev/null; then
    echo "SKIP: all: python3 is not installed"
    exit 0
fi
work=$(mktemp -d)
server=
trap '[ -n "$server" ] && kill "$server"; rm -rf "$work"' EXIT
cd "$work" || exit 1
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
export HOME=$work XDG_DATA_HOME=$work/data
folder=$XDG_DATA_HOME/nst/weights

model=$NST_PROJECT_DIR/tests/models/vgg19-slim.safetensors
digest=$(sha256sum <"$model" | cut -d' ' -f1)
size=$(stat -c %s "$model")
python3 "$here/server.py" "$model" log port &
server=$!
until [ -s port ] || ! kill -0 $server; do sleep 0.05; done
at=http://127.0.0.1:$(cat port)

failed=0
complain() {
    echo "FAIL $tool: $*"
    cat message
    failed=1
}
# Nothing but the one tool is to be found by nst.
fetch_alone() {
    PATH=$work/tools "$NST" weights fetch vgg19 --sha256 "$digest" "$@"
}
# fetch PATH [options]: its message, status in $status; requests of it alone in log.
fetch() {
    local path=$1
    shift
    : >log
    status=0
    fetch_alone --url "$at/$path" "$@" >out 2>message || status=$?
    [ -s out ] && complain "$path: wrote to standard output"
    tr -d '\n' <message | grep -qP '[\x00-\x1f]' && complain "$path: control characters"
}
clean() { rm -rf "$folder"; }
installs() { # PATH [options]
    fetch "$@"
    [ "$status" = 0 ] || complain "$1: exit $status"
    "$NST" weights verify vgg19 >verified 2>&1 || complain "$1: $(cat verified)"
    [ ! -e "$folder/.vgg19.part" ] || complain "$1: left its download behind"
}
refuses() { # TEXT PATH [options]: fails in one line that holds TEXT, installs nothing
    local text=$1
    shift
    fetch "$@"
    [ "$status" = 1 ] || complain "$1: exit $status"
    [ "$(wc -l <message)" = 1 ] || complain "$1: not one line"
    grep -qe "$text" message || complain "$1: expected $text"
    [ ! -e "$folder/vgg19.safetensors" ] || complain "$1: installed something"
}
leaves() { # BYTES of an unfinished download, 0 for none
    local bytes=0
    [ -e "$folder/.vgg19.part" ] && bytes=$(stat -c %s "$folder/.vgg19.part")
    [ "$bytes" = "$1" ] || complain "left $bytes bytes, expected $1"
}
requests() { # LINES
    [ "$(cat log)" = "$1" ] || complain "requests: $(tr '\n' ',' <log) expected: $1"
}
partly() { # the first bytes of the model, as an earlier attempt would leave them
    clean
    mkdir -p "$folder"
    head -c "$1" "${2-$model}" >"$folder/.vgg19.part"
}

suite() {
    local third=$((size / 3 + 1))
    clean
    installs whole
    requests "whole -"
    fetch whole
    [ "$status" = 0 ] || complain "again: exit $status"
    grep -q "is installed already" message || complain "again: said nothing of it"
    requests ""
    installs whole --force
    clean
    installs slow
    clean
    installs redirect
    clean
    installs broken
    requests "broken -
broken bytes=$third-
broken bytes=$((2 * third))-"

    # What an earlier attempt left.
    partly 1000
    installs whole
    requests "whole bytes=1000-"
    partly 0
    installs whole
    partly "$size"
    installs whole # only to be installed
    requests ""
    partly 1000 /dev/zero # of another file
    installs whole
    requests "whole bytes=1000-
whole -"
    partly $((size + 5)) /dev/zero
    installs whole
    partly 1000
    installs norange

    clean
    refuses "SHA-256" wrong
    leaves 0
    refuses "SHA-256" cut
    leaves 0
    refuses "SHA-256" page
    leaves 0
    refuses "404" nothing
    leaves 0
    refuses "redirect" loop
    leaves 0
    partly 1000
    refuses "503" busy # may pass: nothing is lost
    leaves 1000
    installs whole

    # A right file that is no model.
    clean
    digest=$(head -c 1000 /dev/zero | sha256sum | cut -d' ' -f1)
    partly 1000 /dev/zero
    refuses "safetensors" whole
    leaves 0
    digest=$(sha256sum <"$model" | cut -d' ' -f1)

    # A port where nobody listens, a name that nobody has.
    local here=$at
    clean
    at=http://127.0.0.1:1
    refuses "$at/whole: " whole
    at=http://nowhere.invalid
    refuses "$at/whole: " whole
    at=$here

    # By a proxy, which alone knows the host.
    clean
    : >log
    http_proxy=$at fetch_alone --url http://model.invalid/whole 2>message || complain "proxy: exit $?"
    requests "whole -"

    interrupted
    killed
    crowded
}

# start: fetch what stops in the middle; its process in $child.
start() {
    clean
    : >log
    PATH=$work/tools "$NST" weights fetch vgg19 --sha256 "$digest" --url "$at/stuck" >out 2>message &
    child=$!
    part=$folder/.vgg19.part
    until [ "$(stat -c %s "$part" 2>/dev/null || echo 0)" -gt 0 ] || ! kill -0 "$child"; do sleep 0.05; done
    sleep 0.1
}

# Ctrl-C in the middle: exit 130, and the next attempt goes on from there.
interrupted() {
    start
    # Meanwhile another one keeps its hands off.
    fetch_alone --url "$at/whole" 2>second
    grep -q "fetched by another nst" second || complain "two at once: $(cat second)"
    kill -TERM "$child"
    status=0
    wait "$child" || status=$?
    [ "$status" = 130 ] || complain "interrupted: exit $status"
    [ "$(wc -l <message)" = 1 ] || complain "interrupted: not one line"
    local there
    there=$(stat -c %s "$part") # less than was sent by what the tool still held
    [ "$there" -gt 0 ] || complain "interrupted: nothing is left"
    installs whole
    requests "whole bytes=$there-"
}

# Killed outright, nst leaves the tool behind, and nobody writes to its file until it is gone.
killed() {
    start
    local orphan
    orphan=$(cat "/proc/$child/task/$child/children" 2>/dev/null)
    kill -KILL "$child"
    wait "$child" 2>/dev/null
    if [ -z "$orphan" ]; then
        echo "SKIP: killed: the system does not tell the children of a process"
        sleep 1
        return
    fi
    fetch_alone --url "$at/whole" 2>second
    grep -q "fetched by another nst" second || complain "an orphan's: $(cat second)"
    # shellcheck disable=SC2086
    kill $orphan
    # Until it is gone, or waits for a parent that does not ask.
    while grep -qs '^State:.[^Z]' "/proc/${orphan%% *}/status"; do sleep 0.05; done
    installs whole
}

# on_disk OPTIONS TEXT PATH [options]: fails in one line that holds TEXT, on a disk of its own mounted
# with OPTIONS, and leaves nothing but perhaps its download.
on_disk() {
    local options=$1 text=$2 path=$3
    shift 3
    : >log
    status=0
    # shellcheck disable=SC2016
    unshare -rm sh -c 'mount -t tmpfs -o "$1" none "$2" && cd "$2" && shift 2 && "$@" && exit 9
        ls -A data/nst/weights 2>/dev/null | grep -v "^\.vgg19\.part$"
        exit 1' sh "$options" "$work/disk" env XDG_DATA_HOME="$work/disk/data" PATH="$work/tools" \
        "$NST" weights fetch vgg19 --url "$at/$path" "$@" >out 2>message || status=$?
    [ "$status" = 1 ] || complain "$options: exit $status"
    [ "$(wc -l <message)" = 1 ] || complain "$options: not one line"
    grep -qe "$text" message || complain "$options: expected $text"
    [ -s out ] && complain "$options: left $(cat out)"
}

crowded() {
    mkdir -p disk
    if ! unshare -rm mount -t tmpfs none disk 2>/dev/null; then
        echo "SKIP: full disks: mounting one is not allowed"
        return
    fi
    on_disk size=64m "67 MB are free, 635 are needed" whole
    requests ""
    on_disk size=1m "vgg19.part.*\(Failure writing\|No space left\)" whole --sha256 "$digest"
    on_disk size=2500k "No space left" whole --sha256 "$digest"
    requests "whole -"
    on_disk ro "Read-only file system" whole --sha256 "$digest"
    requests ""
}

ran=
for tool in curl wget; do
    if ! command -v $tool >/dev/null; then
        echo "SKIP: $tool is not installed"
        continue
    fi
    rm -rf tools
    mkdir tools
    ln -s "$(command -v $tool)" tools/$tool
    ran="$ran $tool"
    suite
done
rm -rf tools
mkdir tools
tool=none
clean
refuses "expected curl or wget to be installed" whole
if [ -z "$ran" ]; then
    echo "SKIP: all: neither curl nor wget is installed"
    exit 0
fi
[ $failed = 0 ] && echo "fetching works by$ran"
exit $failed
