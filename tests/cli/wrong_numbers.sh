# Numbers out of range, or not numbers; exit 2.
for value in 15 32769 -1 0 1e3 12x '' ' 64' 0x40 99999999999999999999; do
    try nst -c content.ppm -s style.ppm -o out.png -S "$value"
done
for value in -1 100001 1.5 many; do try nst -c content.ppm -s style.ppm -o out.png -n "$value"; done
for value in -0.1 nan inf 1e10 0.1.2 1e999 0x1p3; do
    try nst -c content.ppm -s style.ppm -o out.png --content-weight "$value"
done
try nst -c content.ppm -s style.ppm -o out.png --coarse-iterations -1
try nst -c content.ppm -s style.ppm -o out.png --style-weight x
try nst -c content.ppm -s style.ppm -o out.png --tv-weight -2
try nst -c content.ppm -s style.ppm -o out.png --style-scale 0.01
try nst -c content.ppm -s style.ppm -o out.png --learning-rate 101
try nst -c content.ppm -s style.ppm -o out.png --history 0
try nst -c content.ppm -s style.ppm -o out.png --scales 17
try nst -c content.ppm -s style.ppm -o out.png --min-size 8
try nst -c content.ppm -s style.ppm -o out.png --seed -1
try nst -c content.ppm -s style.ppm -o out.png --seed 18446744073709551616
try nst -c content.ppm -s style.ppm -o out.png --threads 257
try nst -c content.ppm -s style.ppm -o out.png --quality 0
try nst -c content.ppm -s style.ppm -o out.png --save-every -5
ls
