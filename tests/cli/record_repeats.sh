# A record holds all that is needed to get the same bytes again, and what came of the run.
nst -q -c content.ppm -s style.ppm -o out.png $quick --init noise --seed 18446744073709551615 \
    --style-layers relu1_1:0.3,relu3_1 --tv-weight 0.07 --record out.json
cp out.png first.png
rm out.png
nst -q --job out.json
cmp out.png first.png
nst -q --job out.json -o other.png --record other.json
cmp other.png first.png
diff <(grep -v -e '"output"' -e '"seconds"' out.json) <(grep -v -e '"output"' -e '"seconds"' other.json)
grep -e '"seed"' -e '"tv-weight"' -e '"style-layers"' -e '"size"' -e '"output"' out.json
awk -F'"' 'NF > 2 { print $2 }' out.json | tr '\n' ' '
echo
grep -o '"content":	"[0-9a-f]*"' out.json | tail -1 | cut -d'"' -f4 | sed 's/$/  content.ppm/' | sha256sum -c
