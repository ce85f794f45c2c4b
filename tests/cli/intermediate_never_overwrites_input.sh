# --save-every spares an input whose name is that of an intermediate image; the result is still
# written, and the exit status tells.
nst -q -c content.ppm -s style.ppm -o out.0001.png $quick
cp out.0001.png before.png
try nst -c out.0001.png -s style.ppm -o out.png --save-every 1 $quick
cmp out.0001.png before.png
ls *.png
