# Intermediate images are numbered by iteration over all scales and have the final size.
mkdir out.d
nst -q -c content.ppm -s style.ppm -o out.d/a.b.png -S 64 -n 4 --coarse-iterations 3 --scales 2 \
    --save-every 2
ls out.d
for file in out.d/*; do hex 24 $file | cut -c33-48; done | sort -u
nst -q -c content.ppm -s style.ppm -o plain -f jpg -n 2 --scales 1 -S 24 --save-every 1
ls plain*
hex 2 plain.0001
