# Photos, painting and result as words: nst PHOTO PAINTING [RESULT]; photos behind -s PAINTING.
say() {
    echo "\$ nst $*"
    nst "$@" $quick 2>&1 || echo "exit $?"
}
say content.ppm style.ppm out.png
say content.ppm style.ppm out.png
say content.ppm style.ppm out.png --overwrite -q
say -q content.ppm style.ppm -o other.png
cmp out.png other.png
say content.ppm style.ppm
say content.ppm style.ppm
cmp content_style.png content_style-2.png
say -q -s style.ppm content.ppm noise.ppm -o words
say -q content.ppm style.ppm photos/
mkdir photos.png
say content.ppm style.ppm photos.png
say content.ppm
say content.ppm style.ppm a.png b.png
say content.ppm style.ppm a.png -o b.png
say -c content.ppm style.ppm
say -c content.ppm -s style.ppm out.png noise.ppm
say --job job.json content.ppm
say content.ppm style.ppm ''
# Beside the photo, in its folder, with the format asked for; a link that leads nowhere is there too.
mkdir album
cp content.ppm album/a.b.ppm
ln -s nowhere album/a.b_style+noise.jpg
say -c album/a.b.ppm -s style.ppm -s noise.ppm -f jpg
say -c album -s style.ppm
say -c - -s style.ppm
find . -type f -name '*[gj]' | sort
