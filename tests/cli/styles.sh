# nst styles and styles by name: listed, drawn, used, not in the way of files.
nst styles | tee list
nst styles | while read -r name what; do
    case $what in *[a-z]) ;; *) echo "$name: '$what'" ;; esac
done
nst styles --paths | while read -r name path; do
    [ "$(basename "$path")" = "$name.jpg" ] && [ -s "$path" ] || echo "$name: $path"
done
try nst styles -o sheet.png --tile 32 -j 2
dimensions() { # of a PNG
    hex 24 "$1" | sed 's/.*\(.\{16\}\)$/\1/'
}
dimensions sheet.png
nst styles -o - --tile 32 -j 1 | cmp - sheet.png

# A name is the painting; a file of that name is that file.
nst $quick -c content.ppm -s oil -o named.png -q
nst $quick -c content.ppm -s "$(nst styles --paths | sed -n 's/^oil *//p')" -o path.png -q
cmp named.png path.png
nst $quick -c content.ppm -s oil:1 -s ink:3 -o blend.png -q
cmp -s named.png blend.png && echo "a blend is no blend"
nst measure -c content.ppm -s oil -S 24 --layers relu1_1 content.ppm | grep -c style
cp style.ppm oil
nst $quick -c content.ppm -s oil -o own.png -q
nst $quick -c content.ppm -s style.ppm -o style.png -q
cmp own.png style.png
rm oil

echo "failures" >&2
try nst $quick -c content.ppm -s oils -o out.png
try nst $quick -c content.ppm -s oil.jpg -o out.png
try nst measure -c content.ppm -s oils content.ppm
try nst styles -o nowhere/sheet.png
nst styles >/dev/full
echo "exit $?" >&2
# A program that was moved away from its styles.
mkdir -p elsewhere/bin elsewhere/share/nst/styles
cp "$(realpath "$(command -v nst)")" elsewhere/bin/nst
elsewhere/bin/nst $quick -c content.ppm -s oil -o out.png 2>&1 |
    sed "s#$PWD#HERE#; s#elsewhere/bin/.* where#elsewhere/bin/..., where#"
elsewhere/bin/nst styles 2>&1 | sed "s#$PWD#HERE#; s#elsewhere/bin/.* where#elsewhere/bin/..., where#"
cp "$(nst styles --paths | sed -n 's/^oil *//p')" elsewhere/share/nst/styles
elsewhere/bin/nst $quick -c content.ppm -s oil -o moved.png -q && cmp moved.png named.png

echo "wrong command lines" >&2
try nst styles oil
try nst styles -o sheet.gif
try nst styles --tile 8
