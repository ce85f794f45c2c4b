# A recorded run refuses inputs that have changed, but not those named anew.
nst -q -c content.ppm -s style.ppm -o out.png $quick --record out.json
cp content.ppm kept.ppm
echo '# a comment' >>content.ppm
nst --job out.json -o again.png 2>&1 | sed -E 's/[0-9a-f]{12}\.\.\./X/g'
try nst -q --job out.json -o again.png -c kept.ppm
try nst -q --job out.json -o again.png -c noise.ppm
sed -i 's/"nst":	"[^"]*"/"nst":	"0.0.1"/' out.json
nst --job out.json -c kept.ppm -o again.png
nst -q --job out.json -c kept.ppm -o again.png
