# Masks: by number, by color, with a record; what is wrong with them.
mask() {
    awk -v w="$1" -v h="$2" -v at="$3" 'BEGIN {
        print "P2", w, h, 255
        for (y = 0; y < h; y++) for (x = 0; x < w; x++) print x < at ? 10 : 240
    }'
}
mask 48 32 20 >mask.pgm
mask 16 24 8 >style-mask.pgm
run() { nst -q -c content.ppm -o "$@" $quick; }
run none.png -s style.ppm -s noise.ppm
run numbers.png -s style.ppm@1 -s noise.ppm@2 --content-mask mask.pgm --record numbers.json
run swapped.png -s style.ppm@2 -s noise.ppm@1 --content-mask mask.pgm
run colors.png -s style.ppm --content-mask mask.pgm --style-mask style-mask.pgm
run mixed.png -s style.ppm:3 -s noise.ppm@2:2 --content-mask mask.pgm --style-mask style-mask.pgm \
    --style-mask none --color match --style-stat covariance --record mixed.json
sha256sum *.png | cut -d' ' -f1 | sort -u | wc -l
for name in numbers mixed; do nst -q --job $name.json -o again.png && cmp $name.png again.png; done
tr -d "\n\t" <mixed.json | sed "s/[0-9a-f]\{64\}/S/g; s/\"options.*sha256/ sha256/; s/\"result.*//"
echo
run x.png -s style.ppm --content-mask mask.pgm --style-mask style-mask.pgm -v 2>&1 | grep mask

two="-s style.ppm@1 -s noise.ppm@2"
try nst -c content.ppm $two -o out.png
try nst -c content.ppm -s style.ppm --style-mask mask.pgm -o out.png
try nst -c content.ppm -s style.ppm@9 --content-mask mask.pgm -o out.png
try nst -c content.ppm -s style.ppm --content-mask mask.pgm --style-mask none --style-mask none -o out.png
try nst -c content.ppm -s style.ppm@3 --content-mask mask.pgm -o out.png $quick
try nst -c content.ppm -s style.ppm@1 --content-mask mask.pgm -o out.png $quick
try nst -c content.ppm $two --content-mask style-mask.pgm -o out.png $quick
try nst -c content.ppm $two --content-mask noise.ppm -o out.png $quick
try nst -c content.ppm $two --content-mask missing.png -o out.png $quick
try nst -c content.ppm $two --content-mask mask.pgm -o mask.pgm -f png $quick
try nst -c content.ppm -s style.ppm --content-mask mask.pgm --style-mask mask.pgm -o out.png $quick

# Of a folder of photos, a mask for each.
mkdir photos masks
cp content.ppm photos/a.ppm
cp noise.ppm photos/b.ppm
mask 24 16 12 >masks/a.pgm
try nst -c photos -s style.ppm@1 -s noise.ppm@2 --content-mask masks -o results $quick
run one.png $two --content-mask masks/a.pgm
cmp one.png results/a.png
