#!/usr/bin/env bash
# Opens the page of --report in headless Chromium: its script runs, the slider moves, curves and
# pictures are there, names of files are shown as text, nothing is loaded, and there are no errors.
# checks.js tests the page from inside.
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${NST:?path of the nst binary}"
NST=$(realpath "$NST")
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
    echo "SKIP: all, there is no Chromium"
    exit 0
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
/usr/bin/python3 -c 'import websocket' 2>/dev/null || { echo "SKIP: all: python3-websocket is not installed"; exit 0; }

look() { # PAGE [CHECKS]: see look.py
    timeout 600 /usr/bin/python3 "$here/look.py" "$browser" "${width:-1000}" "$@"
}

# Some Chromium are installed but cannot run here.
echo '<p>runs</p>' >probe.html
if ! look probe.html >probe || grep '^SKIP' probe; then
    echo "SKIP: all, Chromium does not run here: $(tail -n 1 probe)"
    exit 0
fi

# ---- a page with everything on it ---------------------------------------------------------------

picture() { # WIDTH HEIGHT
    awk -v w="$1" -v h="$2" 'BEGIN { print "P3", w, h, 255
        for (i = 0; i < w * h; i++) print i * 7 % 256, i * 3 % 256, i % 256 }'
}
# A folder and its files make "</script><script>..." of a path.
photos='photos<'
mkdir "$photos"
picture 48 32 >"$photos/1.ppm"
picture 32 48 >"$photos/script><script>document.title='taken'<!--.ppm"
picture 60 40 >"$photos/"$'" onload="document.title=1" \xff\n\e[31m \'<img src=x onerror=alert(1)>.ppm'
picture 48 32 | head -c 40 >"$photos/bad.ppm"
picture 24 24 >style.ppm
picture 24 24 >'sty"le<b>.ppm'
quick=(-q -S 64 -n 3 --coarse-iterations 5 --scales 2 --min-size 16)
"$NST" "${quick[@]}" -c "$photos/1.ppm" -s style.ppm -o out/
"$NST" "${quick[@]}" -c "$photos" -s style.ppm -o out --save-every 3 \
    --report out/before.json 2>/dev/null
"$NST" "${quick[@]}" -c "$photos" -s style.ppm -s 'sty"le<b>.ppm:0.5' -o out --save-every 2 \
    --report out/page.html 2>failures
if [ "$(wc -l <failures)" != 1 ] || ! [ -s out/page.html ]; then
    cat failures
    exit 1
fi

# ---- as it is -----------------------------------------------------------------------------------

bad=0
complain() {
    echo "FAIL $*"
    bad=1
}
look out/page.html >seen
grep -qx 'class: js' seen || complain "the policy does not let the script run"
grep '^message' seen && complain "messages"
# Both checks can fail: a script that is not ours, by a blank, is refused and complained of.
sed 's/"use strict";/& /' out/page.html >changed.html
look changed.html >seen
grep -qx 'class: ' seen || complain "the policy lets another script run"
grep -q 'Content Security Policy' seen || complain "messages are not seen"

# ---- from inside --------------------------------------------------------------------------------

for width in 1000 390; do
    look out/page.html "$here/checks.js" | sort -u >results
    cat results
    grep -q -e '^FAIL' -e '^message' results && complain "$width pixels wide"
    [ "$(grep -c '^ok' results)" -ge 50 ] || complain "the checks did not run"
done

# The checks do see a broken page.
sed -e "s/script-src [^\"]*/script-src 'unsafe-inline'/" -e 's/view.style.setProperty/(() => {})/' \
    -e 's/class="line" d="[^"]*"/class="line" d="M0 0"/' \
    -e 's/&#60;b&#62;/<b onclick="1">/g' out/page.html >broken.html
look broken.html "$here/checks.js" >results
for what in 'the result is shown whole' 'curves have lines' 'no handlers'; do
    grep -q "FAIL $what" results || complain "a broken page passes: $what"
done
exit $bad
