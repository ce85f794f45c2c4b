# --init: colors, content, noise with its seed, style, or a file, each gives something else.
for init in colors content noise style noise.ppm; do
    nst -q -c content.ppm -s style.ppm -o ${init%.ppm}.png --init $init $quick
    mv ${init%.ppm}.png "from-$init.png"
done
nst -q -c content.ppm -s style.ppm -o seed0.png --init noise --seed 0 $quick
nst -q -c content.ppm -s style.ppm -o seed1.png --init noise --seed 18446744073709551615 $quick
cmp seed0.png from-noise.png
sha256sum *.png | cut -d' ' -f1 | sort -u | wc -l
