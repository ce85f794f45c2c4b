# Several values of options: all combinations into a folder, with a contact sheet.
say() {
    echo "\$ nst $*"
    nst "$@" $quick 2>&1 || echo "exit $?"
}
say -c content.ppm -s style.ppm -o out --strength 20,50.0 --style-scale 0.5,1 | grep -v ': 24x16'
ls -A out
hex 8 out/contact-sheet.png
say -c content.ppm -s style.ppm -o out --strength 20,50 --style-scale 0.5,1
nst -q -c content.ppm -s style.ppm -o single.png $quick --strength 20 --style-scale 0.5
cmp single.png out/content_strength-20_style-scale-0.5.png
say -q -c content.ppm noise.ppm -s style.ppm -o 'seeds/{photo}-{seed}.png' --init noise --seed 1,18446744073709551615
ls seeds
cmp -s seeds/content-1.png seeds/content-18446744073709551615.png || echo 'seeds differ'
nst --dry-run -c content.ppm -s style.ppm -o dry/ --strength 0,100 $quick | tail -1 | sed 's/;.*//'
# One part of several draws no sheet, and no sheet replaces what is not nst's.
say -q -c content.ppm -s style.ppm -o part/ --strength 1,2 --shard 1/2
ls part
mkdir mine
cp noise.ppm mine/contact-sheet.png
say -q -c content.ppm -s style.ppm -o mine/ --strength 1,2
cmp noise.ppm mine/contact-sheet.png
say -c mine/contact-sheet.png -s style.ppm -o mine --strength 1,2 --overwrite
# What cannot be.
say -c content.ppm -s style.ppm -o out.png --strength 1,2
say -c content.ppm -s style.ppm --strength 1,2
say -c content.ppm -s style.ppm -o '{photo}.png' --strength 1,2
say -c content.ppm -s style.ppm -o x/ --strength 1,1.0
say -c content.ppm -s style.ppm -o x/ --strength 1,101
say -c content.ppm -s style.ppm -o x/ --strength 1,
say -c content.ppm -s style.ppm -o x/ --seed 1,"$(printf '9%.0s' {1..100})"
say -c content.ppm -s style.ppm -o x/ --strength "$(seq -s , 0 40)"
say -c content.ppm -s style.ppm -o x/ --strength "$(seq -s , 0 31)" --style-scale "$(seq -s , 1 20)" --seed 1,2
say -c content.ppm -s style.ppm -o x/ --content-weight 1,2
[ -e x ] || echo 'nothing written'
