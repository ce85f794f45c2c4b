# Several photos after -c, as a shell puts them there, and lists of photos.
say() {
    echo "\$ nst $*"
    nst "$@" $quick 2>&1 || echo "exit $?"
}
mkdir -p album/inside
cp noise.ppm album/noise2.ppm
cp noise.ppm album/inside/deep.ppm
say -q -c *.ppm -s style.ppm -o glob/
ls glob
say -q -c content.ppm album -r -c noise.ppm -s style.ppm -o mixed
find mixed -name '*.png' | sort
say -c content.ppm noise.ppm -s style.ppm -o mixed | tail -1
say -c content.ppm noise.ppm -s style.ppm -o out.png
say -c content.ppm noise.ppm -s style.ppm -o -
say -c content.ppm - -s style.ppm -o out/
say -c content.ppm content.ppm -s style.ppm -o out/
say -c content.ppm noise.ppm -s style.ppm -o out/ --record r.json
mkdir empty
say -c empty content.ppm missing.jpg -s style.ppm -o part/ | sort
ls part
# Lists.
printf 'content.ppm\n\nnoise.ppm' >list
say -q --files-from list -s style.ppm -o listed
ls listed
cp content.ppm $'two\nlines.ppm'
printf '%s\0' $'two\nlines.ppm' noise.ppm | say -q --files-from - -0 -s style.ppm -o zero
find zero -name '*.png' | wc -l
printf 'content.ppm\n' >one
say -q -c noise.ppm --files-from one -s style.ppm -o one.out/
ls one.out
say --files-from one -s style.ppm -o out.png
printf 'a\0b\n' >bad
say --files-from bad -s style.ppm -o out/
printf '\n\n' >bad
say --files-from bad -s style.ppm -o out/
{ echo content.ppm; head -c 5000 /dev/zero | tr '\0' x; } >bad
say --files-from bad -s style.ppm -o out/
say --files-from missing -s style.ppm -o out/
say --files-from empty -s style.ppm -o out/
say --files-from - -s - -o out/
say -c content.ppm -0 -s style.ppm -o out/
[ -e out ] || echo 'nothing written'
# The results of a list beside its photos.
mkdir side
cp content.ppm noise.ppm side
say -q -c side/content.ppm side/noise.ppm -s style.ppm
say -q -c side/content.ppm side/noise.ppm -s style.ppm
ls side
