# What a folder holds beside pictures is counted by kind, and said.
mkdir -p photos/inside phone out
cp content.ppm photos/a.ppm
touch photos/b.gif photos/notes.txt photos/more.TXT photos/c.zyx photos/README photos/.hidden
nst -c photos -s style.ppm -o out $quick 2>&1 | sed 's/, [0-9.]* s$//'
nst -q -c photos -s style.ppm -o out $quick
nst --log json -c photos -s style.ppm -o out $quick 2>&1 | grep -o '"passed-over":{[^}]*}'
touch phone/clip.mov
try nst -c phone -s style.ppm -o out $quick
for i in $(seq 20); do touch phone/x.k$i; done
try nst -c phone -s style.ppm -o out $quick
