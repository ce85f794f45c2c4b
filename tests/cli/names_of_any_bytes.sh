# File names that are no UTF-8: all JSON is valid, and names come back from it as they were.
name=$'caf\xe9'
cp content.ppm "$name.ppm"
valid() {
    iconv -f UTF-8 -t UTF-8 "$1" >/dev/null && grep -c 'caf\\udce9' "$1"
}
nst -c "$name.ppm" -s style.ppm -o "$name.png" $quick --record record.json --log json 2>log
valid log
valid record.json
nst -q --job record.json -o again.png && cmp again.png "$name.png"

mkdir photos
cp content.ppm "photos/$name.ppm"
nst -q -c photos -s style.ppm -o out $quick
valid out/.nst-journal*
rm "$name.png"
nst -c photos -s style.ppm -o out $quick 2>&1 | grep -c 'done before'
