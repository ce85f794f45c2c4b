# A photo many times as large as its result is reduced while it is read: to the same bytes from a file
# and from a pipe, alone and in a folder, whatever memory there is.
picture() { awk -v w="$1" -v h="$2" 'BEGIN { print "P3", w, h, 255
    for (y = 0; y < h; y++) for (x = 0; x < w; x++) print int(x / 9) * 9 % 256, (x + y) % 256, int(y / 7) * 30 % 256 }'; }
mkdir photos
picture 330 221 >photos/large.ppm
picture 250 307 >painting.ppm
run() { nst -q "$@" $quick; }
run -c photos/large.ppm -s painting.ppm -o file.png
run -c - -s painting.ppm -o pipe.png <photos/large.ppm
mkfifo style.pipe
cat painting.ppm >style.pipe &
run -c photos/large.ppm -s style.pipe -o style.png
run -c photos -s painting.ppm -o folder
for memory in 200 300 600; do
    run -c photos/large.ppm -s painting.ppm -o limited.png --max-memory ${memory}M
    cmp file.png limited.png
done
cmp file.png pipe.png && cmp file.png style.png && cmp file.png folder/large.png
echo 'same bytes'
