# The longest side is --size; full keeps the size of the photo; a thin photo stays thin.
nst -c content.ppm -s style.ppm -o a.png -n 1 --scales 1 -S 32
nst -c content.ppm -s style.ppm -o b.png -n 1 --scales 1 -S full
nst -c style.ppm -s content.ppm -o c.png -n 1 --scales 1 --size=16
{ echo P3 1 24 255; for i in $(seq 24); do echo $i 100 200; done; } >thin.ppm
nst -c thin.ppm -s style.ppm -o d.png -n 1 --scales 1 -S 24
nst -c content.ppm -s thin.ppm -o e.png -n 1 --scales 1 -S 24
