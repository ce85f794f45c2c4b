# Names that are not among the known ones; exit 2.
try nst -c content.ppm -s style.ppm -o out.png -p fast
try nst -c content.ppm -s style.ppm -o out.png --optimizer sgd
try nst -c content.ppm -s style.ppm -o out.png --pooling min
try nst -c content.ppm -s style.ppm -o out.png -f gif
try nst -c content.ppm -s style.ppm -o out.gif
try nst -c content.ppm -s style.ppm -o out
try nst -c content.ppm -s style.ppm -o out.ppm
try nst -c '' -s style.ppm -o out.png
ls
