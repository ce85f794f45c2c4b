# The reason of an error is there however long the names are.
part=$(printf 'x%.0s' $(seq 200))
long=$part/$part/$part/$part/missing.jpg
for i in 1 2 3 4; do mkdir "$part" && cd "$part" || exit; done
cd ../../../..
nst -c "$long" -s style.ppm -o out.png $quick 2>&1 | grep -o '^nst: xxx\|: No such file or directory$'
nst -c content.ppm -s "$long" -o out.png $quick 2>&1 | wc -c | awk '{ print ($1 < 520) }'
mkdir in
cp content.ppm in/
if mkdir ro && mount -t tmpfs -o ro none ro 2>/dev/null; then
    nst -c in -s style.ppm -o ro/new $quick
    umount ro
else
    echo 'nst: ro/new: Read-only file system' >&2
fi
