# The checksum of a weights file is in the record; other weights are then refused.
cp "$NST_PROJECT_DIR/tests/models/vgg19-slim.safetensors" model.safetensors
chmod +w model.safetensors
nst -q -c content.ppm -s style.ppm -o out.png $quick -w model.safetensors --record out.json
grep -o '"weights":	"[0-9a-f]*"' out.json | tail -1 | cut -d'"' -f4 | sed 's/$/  model.safetensors/' | sha256sum -c
sed 's/\("weights":	"\)[0-9a-f]\{12\}/\1000000000000/' out.json >changed.json
nst -q --job changed.json -o other.png 2>&1 | sed 's/got [0-9a-f]*/got X/'
nst -q --job changed.json -o other.png -w bundled && ls other.png
