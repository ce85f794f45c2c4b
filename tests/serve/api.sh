#!/usr/bin/env bash
# The interface of the server, with the manual page's commands: a run by a form and by JSON, events,
# results in every format, repeating the record, stopping, refusals.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
picture 64 48 1 >photo.ppm
picture 48 48 2 >style.ppm
start --folder kept -j 2 --max-memory 800M
bad=0
expect() { # WHAT GOT EXPECTED
    [ "$2" = "$3" ] && return
    echo "FAIL $1: got '$2', expected '$3'"
    bad=1
}
status() { curl -s -o answer -w '%{http_code}' "$@"; }
options='options={"size":64,"iterations":3,"coarse-iterations":3,"scales":1}'

# ---- a run by a form ----
run=$(curl -s -F photo=@photo.ppm -F style=@style.ppm -F "$options" "$at/api/runs" | value id)
[ ${#run} = 32 ] || fail "no run was begun: '$run'"
wait_for "$run" "done"
expect 'type of PNG' "$(curl -s -o form.png -w '%{content_type}' "$at/api/runs/$run/result")" image/png
expect 'type of JPEG' "$(curl -s -o form.jpg -w '%{content_type}' "$at/api/runs/$run/result?format=jpg")" image/jpeg
curl -s -o record.json "$at/api/runs/$run/record"
"$NST" -q --job record.json -o again.png || fail 'the record is not repeated'
cmp form.png again.png || fail 'the record makes other bytes'
"$NST" -q -c photo.ppm -s style.ppm -o by_hand.png -S 64 -n 3 --coarse-iterations 3 --scales 1 -j 1
cmp form.png by_hand.png || fail 'the command line makes other bytes'

# ---- the manual page's commands, in its order ----
cp photo.ppm photo.jpg
cp style.ppm painting.jpg
mapfile -t commands < <(sed -n '/^\.SH INTERFACE/,/^\.SH LIMITS/p' "$here/../../src/door/nst-serve.1" |
    sed -e ':join' -e '/\\e$/{N;s/\\e\n *//;b join' -e '}' | sed -n '/^curl/{s/\\-/-/g;s/\\f[IR]//g;p}')
[ ${#commands[@]} -ge 7 ] || fail "there are ${#commands[@]} commands in the manual page"
ids=()
for command in "${commands[@]}"; do
    command=${command//http:\/\/127.0.0.1:8188/$at}
    command=${command//\/ID\//\/${ids[0]-}\/}
    case $command in
    *events*)
        eval "timeout 600 $command" >events &
        events=$!
        ;;
    *cancel*)
        for _ in $(seq 6000); do
            curl -s "$at/api/runs/${ids[0]}" | grep -q '"iteration"' && break
            sleep 0.1
        done
        eval "${command/curl/curl -f}" >answer || fail "$command"
        wait "$events" || fail 'the events do not end'
        grep -q '"state":"stopped"' events || fail 'no event tells that the run was stopped'
        ;;
    *)
        eval "${command/curl/curl -f}" >answer || fail "$command"
        case $command in *' -o '*) ;; *) ids+=("$(value id <answer)") ;; esac
        ;;
    esac
done
curl -s -X POST "$at/api/runs/${ids[1]}/cancel" >answer
"$NST" compare out.jpg out.jpg >measured || fail 'the result is no picture'
grep -q '"content"' out.json || fail 'the record is none'

# ---- a run by JSON, followed ----
photo=$(curl -s --data-binary @photo.ppm -H 'Content-Type: image/x-portable-pixmap' "$at/api/pictures" | value id)
style=$(curl -s --data-binary @style.ppm -H 'Content-Type: application/octet-stream' "$at/api/pictures" | value id)
json() { printf '{"photo":"%s","styles":[{"picture":"%s"}],"options":{"size":%s,"iterations":%s,"scales":1}}' "$photo" "$style" "$1" "$2"; }
post() { curl -s -H 'Content-Type: application/json' -d "$1" "$at/api/runs"; }
run=$(post "$(json 64 40)" | value id)
timeout 600 curl -sN "$at/api/runs/$run/events" >events
grep -q '^event: run$' events || fail 'no event tells of the run'
grep -q '"state":"done"' events || fail 'no event tells of its end'
grep -q '^event: preview$' events || fail 'no event shows the picture so far'
sed -n 's/^data: \(\/9j.*\)/\1/p' events | head -n 1 | base64 -d >frame.jpg
"$NST" compare frame.jpg frame.jpg >measured || fail 'a preview is no JPEG'

# ---- stopping ----
run=$(post "$(json 256 100000)" | value id)
other=$(post "$(json 64 3)" | value id)
for _ in $(seq 6000); do
    curl -s "$at/api/runs/$run" | grep -q '"iteration"' && break
    sleep 0.1
done
expect 'state of one that waits' "$(curl -s "$at/api/runs/$other" | value state)" queued
expect 'removing a run under way' "$(status -X DELETE "$at/api/runs/$run")" 409
expect 'removing a picture in use' "$(status -X DELETE "$at/api/pictures/$photo")" 409
expect cancel "$(status -X POST "$at/api/runs/$run/cancel")" 200
wait_for "$run" stopped
expect 'result of a stopped run' "$(status "$at/api/runs/$run/result")" 200
wait_for "$other" "done"
expect 'removing an ended run' "$(status -X DELETE "$at/api/runs/$run")" 204
expect 'removing it again' "$(status -X DELETE "$at/api/runs/$run")" 404

# ---- what the interface says of itself ----
expect health "$(curl -s "$at/api/health" | value status)" ok
for name in size content-weight style-scale seed color; do
    curl -s "$at/api/options" | grep -q "\"name\":\"$name\"" || fail "options: $name is missing"
done
for name in threads max-memory weights; do
    curl -s "$at/api/options" | grep -q "\"name\":\"$name\"" && fail "options: $name is offered"
done
expect page "$(curl -s "$at/" | grep -c '<title>nst</title>')" 1

# ---- refusals ----
refused() { # STATUS TEXT CURL-ARGUMENT...
    local want=$1 text=$2
    shift 2
    expect "status: $text" "$(status "$@")" "$want"
    grep -q -- "$text" answer || { echo "FAIL: got $(cat answer), expected $text"; bad=1; }
}
printf 'P5 8000 8000 255\n' >bomb.pgm
refused 413 'memory' --data-binary @bomb.pgm -H 'Content-Type: image/x-portable-graymap' "$at/api/pictures"
printf 'P5 20000 20000 255\n' >bomb.pgm
refused 413 'pixels' --data-binary @bomb.pgm -H 'Content-Type: image/x-portable-graymap' "$at/api/pictures"
refused 415 'not a' --data-binary 'no picture' -H 'Content-Type: image/png' "$at/api/pictures"
refused 415 'Content-Type' -d x=1 "$at/api/pictures"
refused 400 'JSON object' -H 'Content-Type: application/json' -d '[1' "$at/api/runs"
refused 400 'photo' -H 'Content-Type: application/json' -d '{}' "$at/api/runs"
refused 400 'no picture' -H 'Content-Type: application/json' -d "{\"photo\":\"$(printf '%032d' 0)\",\"styles\":[]}" "$at/api/runs"
refused 400 'styles' -H 'Content-Type: application/json' -d "{\"photo\":\"$photo\",\"styles\":[]}" "$at/api/runs"
refused 400 'options.size' -H 'Content-Type: application/json' -d "$(json 1 3)" "$at/api/runs"
refused 400 'options.threads' -H 'Content-Type: application/json' \
    -d "{\"photo\":\"$photo\",\"styles\":[{\"picture\":\"$style\"}],\"options\":{\"threads\":1}}" "$at/api/runs"
refused 400 'init' -H 'Content-Type: application/json' \
    -d "{\"photo\":\"$photo\",\"styles\":[{\"picture\":\"$style\"}],\"options\":{\"init\":\"/etc/hostname\"}}" "$at/api/runs"
refused 400 'no style' -H 'Content-Type: application/json' \
    -d "{\"photo\":\"$photo\",\"styles\":[{\"name\":\"../../etc/passwd\"}]}" "$at/api/runs"
refused 400 'format' "$at/api/runs/$other/result?format=../x"
refused 404 'no such' "$at/api/runs/$(printf '%032d' 0)"
refused 404 'no such path' --path-as-is "$at/../../etc/passwd"
refused 404 'no such' --path-as-is "$at/api/pictures/..%2f..%2fetc%2fpasswd"
refused 405 'method' -X PUT "$at/api/runs"
refused 413 'large' -H 'Content-Length: 99999999999' -H 'Content-Type: image/png' -X POST "$at/api/pictures"
refused 421 'Host' -H 'Host: evil.example' "$at/api/health"
refused 403 'other sites' -H 'Origin: http://evil.example' "$at/api/health"
refused 403 'other sites' -H 'Sec-Fetch-Site: cross-site' "$at/api/runs"
form=(-H 'Content-Type: multipart/form-data; boundary=bb')
refused 400 'no name' "${form[@]}" --data-binary $'--bb\r\nContent-Disposition: form-data\r\n\r\nx\r\n--bb--\r\n' "$at/api/runs"
refused 400 'given twice' -F photo=@photo.ppm -F photo=@photo.ppm "$at/api/runs"
refused 400 'without zeros' -H 'Content-Type: application/json' --data-binary @<(printf '{}\0x') "$at/api/runs"
find kept -name '*.part' | grep -q . && fail 'an upload is left over'

# ---- the end ----
run=$(post "$(json 256 100000)" | value id)
for _ in $(seq 6000); do
    curl -s "$at/api/runs/$run" | grep -q '"iteration"' && break
    sleep 0.1
done
kill -TERM "$server"
wait "$server"
expect 'exit status' $? 0
server=
[ -s "kept/runs/$run.png" ] || fail 'the run in progress was not kept'

# ---- a token ----
echo 'abcdefghijklmnopqrstuvwxyz012345' >token
start --token-file token
refused 401 token "$at/api/health"
refused 401 token -H 'Authorization: Bearer abcdefghijklmnopqrstuvwxyz01234' "$at/api/health"
refused 401 token "$at/api/health?token=abcdefghijklmnopqrstuvwxyz0123456"
refused 200 ok -H "Authorization: Bearer $(cat token)" "$at/api/health"
refused 200 ok "$at/api/health?token=$(cat token)"
kept=$(sed -n 's/^pictures are kept in \([^ ]*\) .*/\1/p' server.log)
[ -d "$kept" ] || fail "there is no folder '$kept'"
kill -TERM "$server"
wait "$server"
server=
[ -e "$kept" ] && fail 'the private folder is left over'
"$NST" serve --port 0 --listen 0.0.0.0 2>log && fail 'strangers are let in without a token'
grep -q 'token-file' log || { cat log; fail 'expected the way to let others in'; }
exit $bad
