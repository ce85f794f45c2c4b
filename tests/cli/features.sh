# nst features: sheets and Gram matrices of the right size and name, refusals. What is on them is
# tested in tests/unit/test_sheet.c, the numbers in tests/unit/test_measure.c.
nst features content.ppm -S 64 2>&1 | sed -E 's/ [0-9x]+/ N/g'
mkdir photos
cp content.ppm photos/my.photo.ppm
try nst features photos/my.photo.ppm -q -S 64 -l relu1_1 --gram gram.jpg --count 3 --tile 32
nst features content.ppm -o own-size.png 2>&1 | sed 's/, strongest.*//'
nst features content.ppm -q -S 64 -o same.png -j 1
cmp content.relu3_1.png same.png
nst features - -q -S 64 -o - <content.ppm | cmp - same.png
for file in *.png *.jpg; do
    nst compare "$file" "$file" -q && echo "$file is a picture"
done

echo "failures" >&2
try nst features missing.png
try nst features content.ppm -S 16 -l relu5_1
try nst features content.ppm -w style.ppm
try nst features content.ppm -o missing/sheet.png
try nst features content.ppm -o sheet.png --gram missing/gram.png
cp content.ppm input.png
try nst features input.png -o input.png
try nst features input.png -o sheet.png --gram input.png
nst features content.ppm -q -o - >/dev/full
echo "exit $?" >&2

echo "wrong command lines" >&2
try nst features
try nst features content.ppm style.ppm
try nst features -
try nst features content.ppm --layer relu6_1
try nst features content.ppm --layer
try nst features content.ppm -o sheet.gif
try nst features content.ppm -o sheet.png --gram sheet.png
try nst features content.ppm --gram sheet
try nst features content.ppm --count -1
try nst features content.ppm --tile 7
try nst features content.ppm --tile 2049
ls
