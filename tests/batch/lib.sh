#!/usr/bin/env bash
# What the tests of this folder share. Sourced; needs NST, the path of the nst binary.
: "${NST:?path of the nst binary}"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export XDG_CONFIG_HOME=$folder/config # nobody's defaults

# picture SEED WIDTH HEIGHT: a PPM of colored waves that differ by seed.
picture() {
    awk -v s="$1" -v w="$2" -v h="$3" 'BEGIN {
        print "P3", w, h, 255
        for (y = 0; y < h; y++)
            for (x = 0; x < w; x++)
                print (x * (s + 3)) % 256, (y * (s + 5)) % 256, (x * y + s * 40) % 256
    }'
}

# photos COUNT: photos/1.ppm and so on, and style.ppm.
photos() {
    mkdir -p photos
    for i in $(seq "$1"); do
        picture "$i" 48 32 >"photos/$i.ppm"
    done
    picture 77 40 40 >style.ppm
}

fail() {
    echo "FAIL: $*"
    exit 1
}

# digests FOLDER: the results in it, by name.
digests() {
    (cd "$1" && sha256sum ./*.png)
}
