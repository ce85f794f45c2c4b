# Folders that cannot be what was meant.
mkdir photos empty nested nested/inside styles
cp content.ppm photos/a.ppm
cp content.ppm nested/inside/a.ppm
cp style.ppm styles/a.ppm
cp noise.ppm styles/b.ppm
: >file
try nst -c empty -s style.ppm -o out $quick
try nst -c nested -s style.ppm -o out $quick
try nst -c photos -s empty -o out $quick
try nst -c photos -s style.ppm -o - $quick
try nst -c photos -s style.ppm -o out.png $quick
try nst -c photos -s style.ppm -o photos $quick
try nst -c photos -s style.ppm -o file $quick
try nst -c photos -s styles -o out $quick --record r.json
try nst -c - -s styles -o out/ $quick
try nst -c photos -s missing.jpg -o out2 $quick
try nst -c photos -s style.ppm -o out -w missing.safetensors $quick
cp photos/a.ppm photos/a.pgm
try nst -c photos -s style.ppm -o out $quick
try nst --log json -c photos -s style.ppm -o out $quick
cp -r photos linked
rm linked/a.pgm
mkdir target
ln linked/a.ppm target/a.png
cp noise.ppm linked/b.ppm
try nst -c linked -s style.ppm -o target $quick
ls -A out target
