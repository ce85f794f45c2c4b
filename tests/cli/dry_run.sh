# --dry-run: natural order, sizes, what is done before, what cannot be done; nothing is written.
mkdir photos
for name in 10.ppm 2.ppm 1.ppm b2.ppm B10.ppm b1.ppm 02.ppm .hidden.ppm; do
    cp content.ppm "photos/$name"
done
cp style.ppm photos/tall.ppm
: >photos/empty.png
show() { sed -E -e 's/about [0-9]+ MB, [^;]*$/about M, T/' -e 's/; about .*/; SUM/'; }
nst --dry-run -c photos -s style.ppm -o out -S 48 -n 3 --scales 1 2>&1 | show
ls -A
nst -q -c photos -s style.ppm -o out -S 48 -n 3 --scales 1 --shard 1/4 2>/dev/null
rm photos/empty.png photos/b* photos/B*
nst --dry-run -c photos -s style.ppm -o out -S 48 -n 3 --scales 1 | show
nst --dry-run -c photos -s style.ppm -o out -S 48 -n 3 --scales 1 --overwrite | tail -1 | show
nst --dry-run -c content.ppm -s style.ppm -o one.png | show
nst --dry-run -c - -s style.ppm -o one.png <content.ppm
nst --dry-run -c content.ppm -s style.ppm -o one.png >/dev/full
