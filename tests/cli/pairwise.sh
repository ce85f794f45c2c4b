# All that an artist may ask for goes together: any two values of any two columns of the table
# below stand together in some row. Each row is run with activations kept and in bands, and as one
# of a folder, to the same bytes; every row gives another picture. The learning rate is small, so that
# L-BFGS accepts a step within two iterations.
cat >rows <<'EOF'
painted style 2 style one gram lbfgs
painted luma 3 colors two covariance adam
numbers match 1 colors one covariance lbfgs
numbers luma 2 noise two gram lbfgs
none style 1 style two covariance adam
none match 2 colors one gram adam
none style 3 noise one covariance lbfgs
numbers luma 3 style two gram adam
painted match 1 noise two covariance adam
none luma 1 style one gram adam
numbers style 2 colors two covariance lbfgs
numbers match 3 style two covariance lbfgs
EOF
awk '{
    for (i = 1; i <= NF; i++) {
        values[i, $i]
        for (j = 1; j < i; j++) pairs[j, $j, i, $i]
    }
} END {
    for (v in values) for (w in values) {
        split(v, a, SUBSEP); split(w, b, SUBSEP)
        if (a[1] < b[1] && !((v, w) in pairs)) print "no row has", a[2], "with", b[2]
    }
}' rows

mkdir photos masks
cd photos && cp "$NST_PROJECT_DIR"/tests/golden/{photo,oil}.png . && cd ..
cd masks && cp "$NST_PROJECT_DIR"/tests/golden/{photo,oil}_mask.png . && cd ..
mv masks/photo_mask.png masks/photo.png
mv masks/oil_mask.png masks/oil.png
cp "$NST_PROJECT_DIR"/tests/golden/{oil,woodcut}.png .

# in_bands OPTIONS...: with the least memory that is not refused, which is not enough to keep all
in_bands() {
    local refused=22000 enough=640000 memory
    : >bands.txt
    while [ $((enough - refused)) -gt 150 ]; do
        memory=$(((refused + enough) / 2))
        if nst "$@" --max-memory "${memory}k" -q -v -o bands.png >log 2>&1; then
            enough=$memory
            mv log bands.txt
        else
            refused=$memory
        fi
    done
    grep -q 'activations in bands$' bands.txt || tail -n 5 bands.txt
}

while read -r mask color scales init blend stat optimizer; do
    row=$mask-$color-$scales-$init-$blend-$stat-$optimizer
    options=(--color "$color" --scales "$scales" --init "$init" --style-stat "$stat"
        --optimizer "$optimizer" --history 2 -S 240
        -w "$NST_PROJECT_DIR/tests/models/vgg19-slim.safetensors" -n 2 --coarse-iterations 2 --learning-rate 0.1)
    folder=(-c photos) single=(-c photos/photo.png)
    case $mask-$blend in
    none-one) options+=(-s oil.png) ;;
    none-two) options+=(-s oil.png:3 -s woodcut.png) ;;
    numbers-one) options+=(-s oil.png@1 -s woodcut.png@2) ;;
    numbers-two) options+=(-s oil.png:3 -s woodcut.png@2) ;;
    painted-one) options+=(-s oil.png --style-mask masks/oil.png) ;;
    painted-two) options+=(-s oil.png:3 -s woodcut.png --style-mask masks/oil.png --style-mask none) ;;
    esac
    if [ "$mask" != none ]; then
        folder+=(--content-mask masks)
        single+=(--content-mask masks/photo.png)
    fi
    nst -q "${single[@]}" "${options[@]}" -o "$row.png"
    in_bands "${single[@]}" "${options[@]}"
    nst -q "${folder[@]}" "${options[@]}" -o "$row"
    cmp "$row.png" bands.png
    cmp "$row.png" "$row/photo.png"
done <rows
sha256sum ./*-*.png ./*-*/oil.png | cut -d' ' -f1 | sort -u | wc -l
