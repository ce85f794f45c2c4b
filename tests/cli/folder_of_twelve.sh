# A folder as it comes: good pictures, odd ones and broken ones. Two names that would give one
# result are refused before anything runs; after that, one bad file never stops the rest.
mkdir photos photos/folder.jpg
cd photos || exit
cp ../content.ppm good.ppm
nst -q -c good.ppm -s ../style.ppm -o plain.jpg $quick
{ # EXIF orientation 6: to be turned to the right
    head -c 2 plain.jpg
    printf '\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0'
    tail -c +3 plain.jpg
} >turned.jpg
head -c 300 plain.jpg >truncated.jpg
rm plain.jpg
{ printf 'P6\n24 16\n65535\n'; head -c 2304 /dev/zero | tr '\0' '\100'; } >deep.ppm
{ printf 'P5\n24 16\n255\n'; head -c 384 /dev/zero | tr '\0' '\200'; } >grey.pgm
{ # 32 bits, half transparent
    printf '\0\0\2\0\0\0\0\0\0\0\0\0\x18\0\x10\0\x20\x28'
    head -c 1536 /dev/zero | tr '\0' '\177'
} >alpha.tga
: >empty.png
echo 'only words' >words.jpg
{ printf 'P6\n30000 1\n255\n'; head -c 90000 /dev/zero; } >strip.ppm
cp good.ppm folder.jpg/inside.ppm
cp good.ppm $'new\nline "and" '"'quotes'.ppm"
cp good.ppm .hidden.ppm
cp ../content.ppm twin.ppm
nst -q -c good.ppm -s ../style.ppm -o twin.bmp $quick
echo 'not a picture' >notes.txt
cd .. || exit
sha256sum photos/*.* 2>/dev/null >before

try nst -c photos -s style.ppm -o out $quick
ls -d out 2>&1
rm photos/twin.bmp
# Reading goes on beside computing, so the order of the lines is a matter of luck.
nst -c photos -s style.ppm -o out $quick 2>messages || echo "exit $?"
sort messages
ls -A --quoting-style=c out
nst -c photos/alpha.tga -s out/alpha.png -o seen.png $quick -v 2>&1 | grep '^style:'
grep -v twin.bmp before | sha256sum --quiet -c - && echo 'inputs untouched'
echo 'again:'
nst -c photos/ -s style.ppm -o out/ $quick 2>messages || echo "exit $?"
sort messages
echo 'with the tree:'
nst -r -c photos -s style.ppm -o out $quick 2>&1 | grep -e 'done' -e inside
ls out/folder.jpg
