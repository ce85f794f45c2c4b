# The user's own defaults: applied, shown, recorded, overruled, left out, and refused when wrong.
export XDG_CONFIG_HOME=$PWD/home HOME=$PWD/other
mkdir -p home/nst other/.config/nst
say() {
    echo "\$ nst $*"
    nst "$@" 2>&1 | sed "s|$PWD|HERE|g"
    [ "${PIPESTATUS[0]}" = 0 ] || echo "exit ${PIPESTATUS[0]}"
}
paint() { say -c content.ppm -s style.ppm -o out.png "$@"; }
printf '# how I like it\n\n  size=32\r\niterations = 1\nscales\t1\nquality 50\npreserve-times\nquiet\n' >home/nst/config
paint -v | grep -e config: -e out.png
paint
paint -v --no-config -S 24 -n 1 --scales 1 | grep -e config -e out.png
paint -S 48 --record r.json
grep -e '"size"' -e '"iterations":	1,' -e '"quality"' -e preserve r.json
printf 'size = 64\n' >home/nst/config
say --job r.json -o again.png -v | grep -e config: -e again.png
nst -q --job r.json -o without.png --no-config
cmp again.png without.png
nst --help >help && head -1 help
# Without a full path in XDG_CONFIG_HOME it is ~/.config.
printf 'scales = 1\niterations = 0\nsize = 40\n' >other/.config/nst/config
XDG_CONFIG_HOME=home paint -v | grep -e config: -e out.png
rm -f out.png
wrong() {
    printf "$@" >home/nst/config
    paint
}
wrong 'sise = 3\n'
wrong '\nsize = 3\n'
wrong 'size\n'
wrong 'size = 32\nsize = 64\n'
wrong 'preserve-times = 1\n'
wrong 'content = a.jpg\n'
wrong '# fine\noverwrite\n'
wrong -- '--output x.png\n'
wrong 'weights = models/mine.safetensors\n'
wrong 'init = photo.jpg\n'
wrong 'preset = quick\n'
wrong 'strength = 20,50\n'
wrong 'size = 32\0\n'
wrong '\033[31m = 3\n'
wrong '= 3\n'
head -c 70000 /dev/zero | tr '\0' '#' >home/nst/config
paint
rm home/nst/config
mkdir home/nst/config
paint
rmdir home/nst/config
mkfifo home/nst/config
paint
[ -e out.png ] || echo 'nothing written'
