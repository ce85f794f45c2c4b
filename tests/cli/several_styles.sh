# Blends: weights of 0 and 1 are the styles alone, others lie between; a record repeats them.
run() { nst -q -c content.ppm -o "$@" $quick; }
run a.png -s style.ppm
run b.png -s noise.ppm
run a0.png -s style.ppm -s noise.ppm:0
run b0.png -s style.ppm:0 -s noise.ppm:0.5
run ab.png -s style.ppm:3 -s noise.ppm --record ab.json
run ab2.png -s style.ppm:6 -s noise.ppm:2
cmp a.png a0.png
cmp b.png b0.png
cmp ab.png ab2.png
sha256sum *.png | cut -d' ' -f1 | sort -u | wc -l
tr -d '\n\t' <ab.json | grep -o '"style":[^]]*]' | sed 's/[0-9a-f]\{64\}/S/g'
nst -q --job ab.json -o again.png && cmp ab.png again.png
# A file whose whole name looks like a weight is that file.
cp noise.ppm style.ppm:0.5
run named.png -s style.ppm:0.5 && cmp b.png named.png
echo changed >>noise.ppm
try nst -q --job ab.json -o again.png
rm style.ppm:0.5
try nst -c content.ppm -s style.ppm:-1 -o out.png
try nst -c content.ppm -s style.ppm:0 -s noise.ppm:0 -o out.png
try nst -c content.ppm -s :2 -o out.png
try nst -c content.ppm -s style.ppm:x -o out.png
many=()
for i in $(seq 17); do many+=(-s style.ppm); done
try nst -c content.ppm "${many[@]}" -o out.png 2>&1 | tail -n 3
mkdir styles && cp style.ppm styles
try nst -c content.ppm -s styles -s noise.ppm -o out/
[ -e out ] || [ -e out.png ] || echo nothing written
