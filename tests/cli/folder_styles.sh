# Every photo in every style, named after both; formats by -f; a tree by -r that leaves its own
# results out.
mkdir -p photos/sub/deeper styles photos/.hidden
cp content.ppm photos/cat.ppm
cp noise.ppm photos/sub/dog.ppm
cp noise.ppm photos/sub/deeper/emu.ppm
cp noise.ppm photos/.hidden/fox.ppm
cp style.ppm styles/waves.ppm
cp noise.ppm styles/night.ppm
nst -q -c photos -s styles -o flat $quick
nst -q -c photos/cat.ppm -s styles/ -o one -f jpg $quick
nst -q -r -c photos -s styles -o tree -f bmp $quick
nst -q -r -c photos -s style.ppm -o photos/out $quick
nst -r -c photos -s style.ppm -o photos/out $quick 2>&1 | sed 's/, [0-9.]* s$//'
find flat one tree photos/out -type f | LC_ALL=C sort
cmp one/cat_waves.jpg <(nst -q -c content.ppm -s style.ppm -o - -f jpg $quick) && echo 'as by itself'
