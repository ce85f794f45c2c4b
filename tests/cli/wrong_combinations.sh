# What only the whole command line can tell; exit 2.
try nst -s style.ppm -o out.png
try nst -c content.ppm -o out.png
try nst -c - -s style.ppm
try nst -c - -s - -o out.png
try nst -c content.ppm -s style.ppm -o - --save-every 1
try nst -c content.ppm -s style.ppm -o out.png --record -
ls
