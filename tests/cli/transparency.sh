# The photo's alpha goes into PNG and TGA; a format without any drops it, and -v says so.
tga() { # 24x16, 32 bits, top-left origin; the left half is transparent
    printf '\0\0\2\0\0\0\0\0\0\0\0\0\30\0\20\0\40\50'
    for y in $(seq 16); do
        for x in $(seq 12); do printf '\100\200\300\0'; done
        for x in $(seq 12); do printf '\20\40\300\377'; done
    done
}
tga >alpha.tga
nst -q -c alpha.tga -s style.ppm -o alpha.png $quick
nst -q -c content.ppm -s style.ppm -o opaque.png $quick
echo "PNG color type $(hex 26 alpha.png | cut -c51-52), without alpha $(hex 26 opaque.png | cut -c51-52)"
nst -q -c alpha.tga -s style.ppm -o out.tga $quick
nst -q -c content.ppm -s style.ppm -o opaque.tga $quick
echo "TGA bits $(hex 17 out.tga | cut -c33-34), without alpha $(hex 17 opaque.tga | cut -c33-34)"
nst -v -c alpha.tga -s style.ppm -o out.jpg $quick 2>&1 | grep '^output:'
