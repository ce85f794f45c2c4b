# A preset never wins over an explicit option, wherever it stands.
nst -q -p draft -n 2 -c content.ppm -s style.ppm -o a.png -S 32 --scales 1 --record a.json
nst -q -n 2 -c content.ppm -s style.ppm -o b.png -S 32 --scales 1 --record b.json -p draft
cmp a.png b.png
diff <(grep -E 'iterations|history' a.json) <(grep -E 'iterations|history' b.json)
sed '/"result"/,$d' a.json | grep -c '"iterations":	2,'
