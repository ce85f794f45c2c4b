# nst measure: the table, JSON, refusals. The numbers are tested in tests/unit/test_measure.c and
# test_statistics.c; here those that must be zero, one or nothing.
layers="--layers relu1_1,relu3_1"
nst measure -c content.ppm -s style.ppm content.ppm style.ppm $layers |
    sed -E 's/ (0\.0*[1-9]|0\.[1-9]|[1-9]\.)[0-9]*( |$)/ number\2/g'
nst measure -c content.ppm -s style.ppm content.ppm style.ppm --json $layers |
    sed -E 's/:\t-?[0-9.e-]+[1-9][0-9e-]*(,?)$/:\tnumber\1/'
echo "the usual layers"
nst measure -c content.ppm -s style.ppm -S 64 noise.ppm | sed -E 's/ +[0-9.]+$//'
echo "no picture is enlarged, a large one is reduced"
printf 'P3 600 20 255\n' >large.ppm
yes '90 120 30' | head -n 12000 >>large.ppm
nst measure -c content.ppm -s style.ppm $layers noise.ppm large.ppm | grep size
nst measure -c content.ppm -s style.ppm $layers noise.ppm large.ppm -S 120 | grep size
echo "a style without detail, standard input, full size"
printf 'P3 40 40 255\n' >flat.ppm
yes '90 120 30' | head -n 1600 >>flat.ppm
nst measure -c - -s flat.ppm -S full $layers noise.ppm <content.ppm | grep -e size -e detail
nst measure -c content.ppm -s flat.ppm $layers noise.ppm --json | grep detail
for threads in 1 3; do
    nst measure -c content.ppm -s style.ppm -j $threads --json noise.ppm | sha256sum
done | uniq | wc -l
echo "a basis"
nst measure --make-basis photos.basis -S 64 content.ppm noise.ppm
nst measure -c content.ppm -s style.ppm -S 64 content.ppm --basis photos.basis $layers |
    grep effectiveness | sed -E 's/ +-?[0-9.]+$/ number/; s/ +-$/ number/'
nst measure -c content.ppm -s style.ppm -S 64 content.ppm --basis photos.basis $layers --json |
    grep -A 7 '"effectiveness"' | sed -E 's/:\t(-?[0-9.e-]+|null)(,?)$/:\tnumber\2/'

echo "failures" >&2
try nst measure -c content.ppm -s style.ppm noise.ppm --basis style.ppm
try nst measure -c content.ppm -s style.ppm noise.ppm --basis missing.basis
try nst measure --make-basis new.basis content.ppm missing.png
try nst measure --make-basis nowhere/new.basis content.ppm
try nst measure -c missing.png -s style.ppm noise.ppm
try nst measure -c content.ppm -s style.ppm noise.ppm missing.png
try nst measure -c content.ppm -s style.ppm noise.ppm -w style.ppm
printf 'P3 3 40 255\n%s\n' "$(yes '1 2 3' | head -n 120)" >narrow.ppm
try nst measure -c content.ppm -s style.ppm narrow.ppm -S 40
try nst measure --make-basis new.basis narrow.ppm -S 40
try test -e new.basis
nst measure -c content.ppm -s style.ppm noise.ppm $layers >/dev/full
echo "exit $?" >&2

echo "wrong command lines" >&2
try nst measure --make-basis new.basis
try nst measure --make-basis new.basis -c content.ppm noise.ppm
try nst measure
try nst measure -c content.ppm noise.ppm
try nst measure -c content.ppm -s style.ppm
try nst measure -c - -s style.ppm -
try nst measure -c content.ppm -s style.ppm noise.ppm -S 15
try nst measure -c content.ppm -s style.ppm noise.ppm -S big
try nst measure -c content.ppm -s style.ppm noise.ppm -j 257
try nst measure -c content.ppm -s style.ppm noise.ppm --layers relu9_1
try nst measure -c content.ppm -s style.ppm noise.ppm --layers relu1_1:2
try nst measure -c content.ppm -s style.ppm noise.ppm --layers relu1_1,,relu2_1
try nst measure -c content.ppm -s style.ppm noise.ppm --max-memory much
