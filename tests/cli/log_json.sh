# --log json: one object per line and nothing else on standard error, for one picture and for many.
mkdir photos
cp content.ppm photos/1.ppm
: >photos/2.png
cp content.ppm $'photos/3\xff\n<b>.ppm'
values='s/("(seconds|seconds-left|fraction|content-loss|style-loss|tv-loss|total-loss)":)[-+.0-9e]+/\1N/g'
show() { sed -E "$values" events | LC_ALL=C sort -s -t: -k3,3; }
nst --log json -c content.ppm -s style.ppm -o out.png $quick 2>events
grep -v '"iteration":1,' events | sed -E "$values" # which is told when it took long
nst --log json -v -c photos -s style.ppm -o out $quick 2>events || echo "exit $?"
grep -v -e '"event":"progress"' events | grep '"job":1,' | sed -E "$values"
grep '"event":"failed"' events | sed -E "$values"
grep '"job":3,' events | grep '"done"' | sed -E "$values"
tail -1 events | sed -E "$values"
nst --log=json -c photos -s style.ppm -o out $quick 2>events || echo "exit $?"
grep '"event":"skipped"' events | LC_ALL=C sort | sed -E "$values"
if command -v python3 >/dev/null; then
    python3 -c 'import json; [json.loads(line)["event"] for line in open("events", encoding="utf-8")]'
fi
nst --log json -c missing.ppm -s style.ppm -o out.png $quick 2>&1 | sed -E "$values"
nst --log yaml -c missing.ppm -s style.ppm -o out.png
