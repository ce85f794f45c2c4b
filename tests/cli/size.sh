# The longest side is --size; full keeps the size of the photo. Too thin a photo is refused, with
# shallow layers it is not; a thin style always does.
nst -c content.ppm -s style.ppm -o a.png -n 1 --scales 1 -S 32
nst -c content.ppm -s style.ppm -o b.png -n 1 --scales 1 -S full
nst -c style.ppm -s content.ppm -o c.png -n 1 --scales 1 --size=24
{ echo P3 1 24 255; for i in $(seq 24); do echo $i 100 200; done; } >thin.ppm
try nst -c thin.ppm -s style.ppm -o d.png -n 1 --scales 1 -S 24
nst -c thin.ppm -s style.ppm -o d.png -n 1 -S 24 --content-layers relu1_2 --style-layers relu1_1
nst -c content.ppm -s thin.ppm -o e.png -n 1 --scales 1 -S 24
