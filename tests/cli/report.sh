# --report: a page or the same as data, whole or not at all, over nothing else.
mkdir photos
cp content.ppm photos/1.ppm
: >photos/2.png
cp content.ppm $'photos/3\xff\n<b>.ppm'
# What depends on rounding and on the clock.
plain() {
    tr -d '\t' <"$1" | sed -E -e '/^"options"/,/^\}/d' -e '/^"sha256"/,/^\}/d' \
        -e 's/("(all|read|stylize|write|seconds)":)[0-9.]+/\1T/' \
        -e 's/("[a-z]+-loss":)[-+.0-9e]+/\1N/' -e 's/("[a-z]+-loss":\[)[^]]*/\1.../' \
        -e 's/("(nst|written)":).*/\1X/'
}
try nst -q -c content.ppm -s style.ppm -o out.png $quick --report one.json \
    --save-every 1
plain one.json
tr -d '\t' <one.json | grep -e '"save-every"' -e '"tv-weight"'
tr -d '\t' <one.json | grep -c '^"content":"[0-9a-f]\{64\}"'

try nst -q -c photos -s style.ppm -o out $quick --report out/r.json
plain out/r.json | sed -n '1,/"problems"/p'
plain out/r.json | grep -e '"state"' -e '"content":"' -e '"curves"' -e '"reason"'
try nst -q -c photos -s style.ppm -o out $quick --report out/r.json
plain out/r.json | grep -e '"state"' -e '"output"' -e '"width"' -e '"curves"'
if command -v python3 >/dev/null; then
    python3 -c 'import json; json.load(open("out/r.json", encoding="utf-8"))'
fi
find out -mindepth 1 -not -name '*<b>*' | LC_ALL=C sort

# What was done before is shown with its intermediate images.
for i in 1 2; do
    nst -q -c content.ppm -s style.ppm -o frames/ $quick -n 50 --save-every 1 --report frames.json
    tr -d '\t' <frames.json | grep -c '"iteration":[0-9]'
done
rm frames/content.00[0-3]*
nst -q -c content.ppm -s style.ppm -o frames/ $quick -n 50 --save-every 1 --report frames.json
tr -d '\t' <frames.json | grep -e '"state"' -e '"file"'

# The page has its own script and no other, and names only as text. The browser looks at it in
# tests/report.
try nst -q -c photos -s style.ppm -o out $quick --report out/r.html
grep -c '<script' out/r.html
grep -c -e '<b>\.' -e 'https\?:' out/r.html
grep -o '<title>.*</title>' out/r.html
grep -a -o '<h3>.*&#60;b&#62;.*</h3>' out/r.html
grep -c 'data:image/jpeg' out/r.html

# Parts of a list each have their own.
try nst -q -c photos -s style.ppm -o out $quick --report out/r.json --shard 2/2
try nst -q -c photos -s style.ppm -o out $quick --report out/r.json --shard 1/2
plain out/r.1-of-2.json | sed -n '/"summary"/,/^}/p'

try nst -c content.ppm -s style.ppm -o x.png --report r.txt
try nst -c content.ppm -s style.ppm -o x.png --report -
try nst -c content.ppm -s style.ppm -o x.png --report missing/r.html
try nst -c content.ppm -s style.ppm -o x.html -f png --report ./x.html
try nst -c content.ppm -s style.ppm -o x.png --record r.json --report r.json
cp content.ppm photo.html
ln -s photo.html link.html
try nst -c photo.html -s style.ppm -o x.png --report link.html
cmp content.ppm photo.html
echo '{"content": "content.ppm", "style": "style.ppm", "output": "x.png"}' >job.json
try nst --job job.json --report job.json
try nst --job job.json --report missing/r.html --dry-run >dry
find . -name 'x*' -o -name 'missing*'
if [ -c /dev/full ]; then
    ln -s /dev/full full.json
    try nst -q -c photos/1.ppm -s style.ppm -o again.png $quick --report full.json
    ls again.png
else
    echo 'full.json: No space left on device' >&2
    echo again.png
fi
