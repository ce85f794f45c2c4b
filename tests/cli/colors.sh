# --color and --style-stat: each gives something else, and the job file knows them.
for color in style luma match; do
    for stat in gram covariance w2; do
        nst -q -c content.ppm -s style.ppm -o $color-$stat.png --color $color --style-stat $stat \
            --record $color-$stat.json $quick
        nst -q --job $color-$stat.json -o again.png && cmp $color-$stat.png again.png
        rm again.png
    done
done
sha256sum *.png | cut -d' ' -f1 | sort -u | wc -l
# Luma of nothing done is the photo.
nst -q -c content.ppm -s style.ppm -o same.png --color luma -S full --scales 1 -n 0
nst compare -q same.png content.ppm --max-diff 1 && echo same
try nst -c content.ppm -s style.ppm -o out.png --color lumo
try nst -c content.ppm -s style.ppm -o out.png --style-stat variance
try nst -c content.ppm -s style.ppm -o out.png --style-stat w2 --reproducible
