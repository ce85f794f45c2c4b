# An output that is an input by any name is refused, and the input stays as it was.
nst -q -c content.ppm -s style.ppm -o photo.png $quick
nst -q -c style.ppm -s content.ppm -o painting.png $quick
nst -q -c noise.ppm -s content.ppm -o start.png $quick
ln -s photo.png link.png
ln painting.png hard.png
sha256sum ./*.png >before
try nst -c photo.png -s painting.png -o photo.png $quick
try nst -c photo.png -s painting.png -o ./painting.png $quick
try nst -c photo.png -s painting.png -o link.png $quick
try nst -c photo.png -s painting.png -o hard.png $quick
try nst -c photo.png -s painting.png --init start.png -o start.png $quick
try nst -c photo.png -s painting.png -o out.png --record painting.png $quick
sha256sum --quiet -c before
ls
