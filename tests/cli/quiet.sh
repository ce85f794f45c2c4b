# -q: only errors.
nst -q -c content.ppm -s style.ppm -o out.png $quick
try nst -q -c missing.png -s style.ppm -o out.png
