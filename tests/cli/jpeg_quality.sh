# A lower quality makes a smaller file.
nst -q -c noise.ppm -s style.ppm -o low.jpg --quality 10 $quick
nst -q -c noise.ppm -s style.ppm -o normal.jpg $quick
nst -q -c noise.ppm -s style.ppm -o ninetytwo.jpg --quality 92 $quick
cmp normal.jpg ninetytwo.jpg
[ "$(wc -c <low.jpg)" -lt "$(wc -c <normal.jpg)" ] && echo smaller
