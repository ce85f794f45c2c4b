# nst compare: numbers, thresholds, difference pictures, refusals. PSNR and SSIM themselves are
# tested in tests/unit/test_similarity.c.
cp content.ppm same.ppm
nst compare content.ppm same.ppm
# One value out of 1152, by 9 levels: PSNR = 10 log10(255^2 * 1152 / 81) = 59.66 dB.
awk 'NR == 8 { $2 += 9 } { print }' content.ppm >near.ppm
try nst compare content.ppm near.ppm
try nst compare content.ppm near.ppm --json --max-diff 9 --min-psnr 59 --min-ssim 0.99
try nst compare content.ppm near.ppm --quiet --max-diff 8.9 --min-psnr 60 --min-ssim 1
try nst compare content.ppm near.ppm -q --max-diff 8 --json | grep passed
nst compare content.ppm same.ppm --json | grep psnr
try nst compare content.ppm near.ppm --diff diff.png
nst compare diff.png content.ppm | grep largest
try nst compare - near.ppm -q --max-diff 9 <content.ppm

echo "failures" >&2
try nst compare content.ppm style.ppm
try nst compare content.ppm missing.png
try nst compare content.ppm near.ppm --diff ./near.ppm
try nst compare content.ppm near.ppm --diff missing/diff.png
cp near.ppm near.png # a picture, whatever it is called
try nst compare content.ppm near.png --diff near.png
nst compare content.ppm near.ppm >/dev/full
echo "exit $?" >&2

echo "wrong command lines" >&2
try nst compare
try nst compare content.ppm
try nst compare content.ppm near.ppm same.ppm
try nst compare - -
try nst compare content.ppm near.ppm --max-diff
try nst compare content.ppm near.ppm --max-diff 256
try nst compare content.ppm near.ppm --min-psnr high
try nst compare content.ppm near.ppm --min-ssim nan
try nst compare content.ppm near.ppm --json=yes
try nst compare content.ppm near.ppm --m 3
try nst compare content.ppm near.ppm --nothing
try nst compare content.ppm near.ppm -x
try nst compare content.ppm near.ppm --diff ''
try nst compare content.ppm near.ppm --diff diff.gif
try nst compare content.ppm near.ppm --diff diff.heic
try nst compare content.ppm near.ppm --diff -
ls
