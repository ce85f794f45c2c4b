# - is standard input, for one picture.
nst -q -c content.ppm -s style.ppm -o a.png $quick
nst -q -c - -s style.ppm -o b.png $quick <content.ppm
nst -q -c <(cat content.ppm) -s - -o c.png $quick <style.ppm
cmp a.png b.png
cmp a.png c.png
