# The extension chooses the format, whatever its case; -f wins over it, and -v says so.
for name in a.png b.jpg c.jpeg d.bmp e.tga f.PNG g.Jpg; do
    nst -q -c content.ppm -s style.ppm -o $name $quick
    echo "$name $(hex 3 $name)"
done
nst -c content.ppm -s style.ppm -o h.png -f jpg $quick
hex 3 h.png
nst -v -c content.ppm -s style.ppm -o i.png -f bmp $quick 2>&1 | grep '^output:'
nst -q -c content.ppm -s style.ppm -o plain -f png $quick
hex 3 plain
