# Names with fields, and what is refused before anything is painted.
say() {
    echo "\$ nst $*"
    nst "$@" $quick 2>&1 || echo "exit $?"
}
mkdir -p album/inside styles
cp content.ppm album/a.ppm
cp noise.ppm album/inside/a.ppm
cp style.ppm styles/one.ppm
cp noise.ppm styles/two.ppm
say -q -c content.ppm -s style.ppm -o 'out/{photo}-{style}_{size}.jpg'
say -q -c album -r -s styles -o 'out/{style}/{folder}/{photo}.png'
say -q -c content.ppm -s style.ppm -s noise.ppm:2 -o 'out/{style}/{{{photo}}}.png' -j 1
find out -name '*[gj]' | sort
say -c content.ppm -s style.ppm -o 'out/{photo}-{style}_{size}.jpg'
say -c album -r -s styles -o 'x/{folder}/{photo}.png'
say -c album -r -s styles -o 'x/{photo}-{style}.png'
say -c content.ppm -s style.ppm -o 'x/{phto}.png'
say -c content.ppm -s style.ppm -o 'x/{nothing-like-it}.png'
say -c content.ppm -s style.ppm -o 'x/{}.png'
say -c content.ppm -s style.ppm -o 'x/{photo.png'
say -c content.ppm -s style.ppm -o 'x/photo}.png'
say -c content.ppm -s style.ppm -o 'x/{photo}'
say -c - -s style.ppm -o 'x/{photo}.png'
say -c content.ppm -s style.ppm -o '{photo}.ppm' -f png
echo '{"content": "content.ppm", "style": "style.ppm", "output": "{foto}.png"}' >job.json
say --job job.json
echo '{"style": "style.ppm", "output": "y/{photo}.png",
       "jobs": [{"content": "content.ppm"}, {"content": "noise.ppm"}]}' >job.json
say -q --job job.json
ls -A y
[ -e x ] || echo 'nothing written'
# A file that is not nst's is kept; a record means the name, whatever is in it.
mkdir kept
echo mine >kept/content.png
say -c content.ppm -s style.ppm -o 'kept/{photo}.png'
cat kept/content.png
say -q -c content.ppm -s style.ppm -o 'a{{photo}}.png' --record r.json
cp 'a{photo}.png' before.png
say -q --job r.json
cmp before.png 'a{photo}.png'
