# Long options may be shortened as long as they stay clear, and take = or a blank; short ones
# may touch their value.
nst -q --content=content.ppm --style style.ppm --output=a.png --iter=2 --siz 24 --scales 1
nst -q -ccontent.ppm -sstyle.ppm -ob.png -n2 -S24 --scales=1
nst -qccontent.ppm -s style.ppm -o c.png $quick
cmp a.png b.png
cmp a.png c.png
try nst --s 3
