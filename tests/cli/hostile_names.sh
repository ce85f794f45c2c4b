# File names are any bytes; messages stay one line.
name=$'a\nb\e[31m.png'
try nst -c "$name" -s style.ppm -o out.png 2>&1 | tail -n +3
nst -c content.ppm -s style.ppm -o "./$name" $quick --record "$name.json"
nst -q --job "$name.json" -o same.png && cmp same.png "$name"
cp content.ppm -- -c.ppm
nst -q -c -c.ppm -s style.ppm -o dash.png $quick && cmp same.png dash.png
