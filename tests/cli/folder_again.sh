# What is done is skipped while its inputs, settings and result are the same; --overwrite redoes.
mkdir photos
cp content.ppm photos/a.ppm
cp noise.ppm photos/b.ppm
run() { nst -c photos -s style.ppm -o out $quick "$@" 2>&1 | tail -1 | sed 's/, [0-9.]* s$//'; }
run
run
run --overwrite
run --overwrite -j 1
echo 'threads are no setting:'
run -j 1
echo 'a setting:'
run --seed 1
run --seed 1
run -f jpg
echo 'a result lost, one damaged, one as before:'
cp photos/b.ppm photos/c.ppm
run
rm out/a.png
echo more >>out/b.png
run
echo 'a photo, then the style changed:'
cp style.ppm photos/c.ppm
run
sed -i 's/30/31/' style.ppm
run
echo 'a torn line in the journal:'
tail -c +1 out/.nst-journal | tail -1 | head -c 40 >torn
cat torn >>out/.nst-journal
run
rm out/a.png
run
run
echo 'one into a folder:'
nst -c photos/a.ppm -s style.ppm -o out/ $quick
nst -c photos/a.ppm -s style.ppm -o out $quick
nst -c photos/a.ppm -s style.ppm -o new/ $quick
ls -A new
