# A record replaces an older one, keeps its permissions and leaves nothing beside it.
echo old >out.json
chmod 640 out.json
nst -q -c content.ppm -s style.ppm -o out.png $quick --record out.json
stat -c %a out.json
head -1 out.json
try nst -q -c content.ppm -s style.ppm -o out.png $quick --record /dev/full
ls -A
