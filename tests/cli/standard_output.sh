# -o - is a PNG on standard output, or what -f says, and nothing else.
nst -q -c content.ppm -s style.ppm -o - $quick | hex 8
nst -q -c content.ppm -s style.ppm -o - -f jpg $quick | hex 2
nst -q -c content.ppm -s style.ppm -o - -f bmp $quick | hex 2
nst -c content.ppm -s style.ppm -o - $quick >out.png
nst -q -c content.ppm -s style.ppm -o same.png $quick
cmp out.png same.png
ls
