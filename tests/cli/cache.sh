# --cache keeps what is measured of styles: the same bytes with and without it, whatever lies there.
export XDG_CACHE_HOME=$PWD/cache
styles=$XDG_CACHE_HOME/nst/styles
run() { # RESULT [OPTIONS]: what -v says of the cache
    nst -v -c content.ppm -s style.ppm -o "$1" $quick --overwrite "${@:2}" 2>&1 | grep -i '^\(nst: warn\|cache\)'
    cmp "$1" plain.png
}
nst -q -c content.ppm -s style.ppm -o plain.png $quick
test ! -e "$XDG_CACHE_HOME" && echo 'nothing is kept without the option'

run first.png --cache 64M
run second.png --cache 64M
ls "$styles" | wc -l
entry=$(ls "$styles"/*.style)

echo 'damaged, shortened, foreign'
printf X | dd of="$entry" bs=1 seek=5000 conv=notrunc status=none
run third.png --cache 64M
run fourth.png --cache 64M
head -c 1000 "$entry" >short && cp short "$entry"
run fifth.png --cache 64M
echo 'somebody else'"'"'s' >"$entry"
run sixth.png --cache 64M
run seventh.png --cache 64M
mkdir other && mv "$entry" other/
cp "other/$(basename "$entry")" "$styles/$(printf '%064d' 7).style"
run eighth.png --cache 64M

echo 'another size, style, statistic'
nst -v -c content.ppm -s style.ppm -o other.png $quick -S 28 --cache 64M 2>&1 | grep ^cache
nst -v -c content.ppm -s noise.ppm -o other.png $quick --overwrite --cache 64M 2>&1 | grep ^cache
nst -v -c content.ppm -s style.ppm -o other.png $quick --overwrite --style-stat covariance --cache 64M 2>&1 |
    grep ^cache
nst -v -c content.ppm -s style.ppm -o other.png $quick --overwrite --style-stat covariance --cache 64M 2>&1 |
    grep ^cache

echo 'within the bound, what is not an entry is left alone'
echo mine >"$styles/notes.txt"
for size in 32 36 40; do
    nst -q -c content.ppm -s style.ppm -o other.png $quick --overwrite -S $size --cache 3M
done
test "$(cat "$styles"/*.style | wc -c)" -le 3000000 && ls "$styles"/*.style >/dev/null && echo within
cat "$styles/notes.txt"
rm "$styles"/*.style
run ninth.png --cache 1000
ls "$styles"

echo 'two at once'
nst -q -c content.ppm -s style.ppm -o one.png $quick --cache 64M &
nst -q -c content.ppm -s style.ppm -o two.png $quick --cache 64M
wait $!
cmp one.png plain.png && cmp two.png plain.png
run tenth.png --cache 64M
rm -rf "$XDG_CACHE_HOME"
run eleventh.png --cache 64M

echo 'where nothing can be kept'
rm -rf "$XDG_CACHE_HOME" && touch "$XDG_CACHE_HOME"
run twelfth.png --cache 64M 2>&1 | sed "s|$PWD/||g"
