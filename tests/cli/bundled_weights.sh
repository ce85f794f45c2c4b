# The bundled model is the file in weights/, and the default.
nst -q -c content.ppm -s style.ppm -o a.png $quick
nst -q -c content.ppm -s style.ppm -o b.png $quick -w bundled
nst -q -c content.ppm -s style.ppm -o c.png $quick -w "$NST_PROJECT_DIR/weights/vgg19-half.safetensors"
cmp a.png b.png
cmp a.png c.png
