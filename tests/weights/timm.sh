#!/usr/bin/env bash
# A file with the layout of the published one, 575 MB with its classifier: fetched from its path,
# verified, and used. The picture is the same as with the file itself.
set -u
: "${NST:?path of the nst binary}"
: "${NST_MAKE_TIMM:?path of make_timm}"
NST=$(realpath "$NST")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
if [ "$(df -k --output=avail . | tail -1)" -lt 400000 ]; then
    echo "SKIP: all: less than 400 MB free in $work"
    exit 0
fi
export XDG_DATA_HOME=$work/data
installed=$XDG_DATA_HOME/nst/weights/vgg19.safetensors

failed=0
complain() {
    echo "FAIL $*"
    failed=1
}
"$NST_MAKE_TIMM" model.safetensors || complain "no file was made"
[ "$(stat -c %s model.safetensors)" -gt 574000000 ] || complain "it is not as large"
digest=$(sha256sum <model.safetensors | cut -d' ' -f1)

"$NST" weights fetch vgg19 --url model.safetensors --sha256 "$digest" 2>message || complain "$(cat message)"
size=$(stat -c %s "$installed")
[ $((size / 1000000)) = 51 ] || complain "installed $size bytes"
"$NST" weights verify vgg19 >message 2>&1 || complain "$(cat message)"
"$NST" weights info vgg19 >facts
grep -q 'widths   64 64 128 128 256 256 256 256 512 512 512 512 512$' facts || complain "$(cat facts)"
grep -q 'input    RGB, scale 1, mean 0.485 0.456 0.406, std 0.229 0.224 0.225$' facts ||
    complain "$(cat facts)"

{ echo P3 48 32 255 && seq 4608 | awk '{ print $1 * 37 % 256 }'; } >content.ppm
{ echo P3 32 48 255 && seq 4608 | awk '{ print $1 * $1 % 251 }'; } >style.ppm
for weights in vgg19 ./model.safetensors; do
    "$NST" -q -c content.ppm -s style.ppm -o "$(basename $weights).png" -S 48 -n 2 --scales 1 \
        -w $weights || complain "$weights: does not paint"
done
cmp vgg19.png model.safetensors.png || complain "the pictures differ"

# Half as large, and close, before many iterations amplify the rounding.
"$NST" weights import model.safetensors half --dtype f16 2>message || complain "$(cat message)"
[ "$(stat -c %s "$XDG_DATA_HOME/nst/weights/half.safetensors")" -lt 26000000 ] ||
    complain "half is not half as large"
"$NST" -q -c content.ppm -s style.ppm -o half.png -S 48 -n 2 --scales 1 -w half
"$NST" compare -q vgg19.png half.png --min-psnr 40 || complain "half precision paints otherwise"
[ $failed = 0 ] && echo "installed and used"
exit $failed
