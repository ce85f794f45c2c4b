#!/usr/bin/env bash
# scripts/convert_weights.py on small files of every format (make_foreign.py): the values arrive, nst
# reads the result, and networks that are the same but for the order of channels paint alike.
set -u
here=$(cd "$(dirname "$0")" && pwd)
: "${NST:?path of the nst binary}"
: "${NST_PROJECT_DIR:=$(cd "$here/../.." && pwd)}"
NST=$(realpath "$NST")

# The python that has the most of what the formats need: Debian's packages belong to /usr/bin's.
python=''
most=-1
for candidate in python3 /usr/bin/python3; do
    count=0
    "$candidate" -c 'import numpy' 2>/dev/null || continue
    for module in torch h5py scipy; do
        "$candidate" -c "import $module" 2>/dev/null && count=$((count + 1))
    done
    [ "$count" -gt "$most" ] && python=$candidate most=$count
done
if [ "$most" -lt 1 ]; then
    echo "SKIP: all: python3 has no numpy, or none of torch, h5py and scipy"
    exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

failed=0
complain() {
    echo "FAIL $*"
    [ -s message ] && cat message
    failed=1
}
convert() { "$python" "$NST_PROJECT_DIR/scripts/convert_weights.py" "$@" >out 2>message; }
becomes() { # FILE NETWORK ORDER INPUT [options]: of FILE, if there is one
    local file=$1 network=$2 order=$3 input=$4 got
    shift 4
    [ -e "$file" ] || return
    convert "$file" "$file.safetensors" "$@" || { complain "$file: exit $?"; return; }
    got=$("$python" "$here/make_foreign.py" compare "$file.safetensors" "$network" "$order" F32 2>message) ||
        complain "$file: other values"
    [ "$got" = "$input" ] || complain "$file: expected $input, got $got"
    "$NST" weights info "./$file.safetensors" >facts 2>message || complain "$file: nst cannot read it"
    grep -q "network  $network, relu1_1 to relu5_[34]\$" facts || complain "$file: $(cat facts)"
}
refuses() { # TEXT FILE OUT [options]
    local text=$1
    shift
    convert "$@" && complain "$1: taken"
    [ "$(wc -l <message)" = 1 ] || complain "$1: not one line"
    grep -qe "$text" message || complain "$1: expected $text"
    [ ! -e "$2" ] || complain "$1: wrote $2"
}

"$python" "$here/make_foreign.py" write . >names || complain "no files were made"
grep SKIP names
torchvision="scale 1 mean 0.485,0.456,0.406 std 0.229,0.224,0.225"
caffe="color_order BGR scale 255 mean 103.939,116.779,123.68"
becomes new-dcbb9e9d.pth VGG19 RGB "color_order RGB $torchvision"
becomes old-dcbb9e9d.pth VGG19 RGB "color_order RGB $torchvision"
becomes vgg16-397923af.pth VGG16 RGB "color_order RGB $torchvision"
becomes style-d01eb7cb.pth VGG19 BGR "$caffe"
becomes unnamed.pth VGG19 BGR "$caffe" --input caffe
becomes notop.h5 VGG19 BGR "$caffe"
becomes late16.h5 VGG16 BGR "$caffe"
becomes verydeep-19.mat VGG19 RGB "color_order RGB scale 255 mean 123.68,116.779,103.939"
becomes verydeep-16.mat VGG16 RGB "color_order RGB scale 255 mean 123.68,116.779,103.939"

# The same network by four ways.
{ echo P3 24 16 255 && seq 1152 | awk '{ print $1 * 37 % 256 }'; } >content.ppm
{ echo P3 16 24 255 && seq 1152 | awk '{ print $1 * $1 % 251 }'; } >style.ppm
first=
for file in style-d01eb7cb.pth notop.h5 unnamed.pth verydeep-19.mat; do
    [ -e "$file.safetensors" ] || continue
    "$NST" -q -c content.ppm -s style.ppm -o "$file.png" -S 24 -n 3 --scales 1 -w "./$file.safetensors" \
        2>message || complain "$file: does not paint"
    if [ -n "$first" ]; then
        "$NST" compare -q "$first.png" "$file.png" --max-diff 2 2>message ||
            complain "$file: paints other than $first"
    fi
    first=${first:-$file}
done

# Half precision, rounded to nearest as numpy does.
for file in notop.h5 verydeep-19.mat; do
    [ -e "$file" ] || continue
    order=RGB
    [ "$file" = notop.h5 ] && order=BGR
    convert "$file" half.safetensors --dtype f16 || complain "$file: exit $?"
    "$python" "$here/make_foreign.py" compare half.safetensors VGG19 $order F16 >out 2>message ||
        complain "$file: other values in f16"
done

echo 'no weights' >text
: >empty
refuses "expected a .pth, .h5 or .mat file" text never
refuses "expected a .pth, .h5 or .mat file" empty never
refuses "No such file" missing never
refuses "is a safetensors file already" "$NST_PROJECT_DIR/tests/models/vgg19-slim.safetensors" never
for file in old-dcbb9e9d.pth notop.h5 verydeep-19.mat; do
    [ -e "$file" ] || continue
    head -c 3000 "$file" >"cut-$file"
    refuses "that .* reads" "cut-$file" never
    refuses "No such file" "$file" no/such/folder
done
if [ -e unnamed.pth ]; then
    refuses "say --input torchvision or --input caffe" unnamed.pth never
    # Code in a pickle is not run.
    "$python" -c 'import pickle
class Code:
    def __reduce__(self):
        import os
        return os.system, ("touch executed",)
pickle.dump(Code(), open("code.pth", "wb"), 2)'
    refuses "not a state dict" code.pth never
    [ ! -e executed ] || complain "code.pth: its code was run"
fi
# The right format around something else.
strange() { # FILE MODULE STATEMENTS that write it
    "$python" -c "import $2, numpy
$3" 2>/dev/null || { echo "SKIP: $1: python3 has no $2"; return; }
    refuses "expected\|no convolutions\|not an HDF5" "$1" never
}
strange list.pth torch 'torch.save([1, 2], "list.pth")'
strange words-dcbb9e9d.pth torch \
    'torch.save({"features.0.weight": "a", "features.0.bias": "b"}, "words-dcbb9e9d.pth")'
strange flat-dcbb9e9d.pth torch \
    'torch.save({"features.0.weight": torch.zeros(3), "features.0.bias": torch.zeros(3)}, "flat-dcbb9e9d.pth")'
strange other.h5 h5py 'h5py.File("other.h5", "w").create_group("block1_conv1")["x"] = "text"'
strange other.mat scipy.io 'scipy.io.savemat("other.mat", {"layers": numpy.zeros((2, 2))})'
strange words.mat scipy.io 'scipy.io.savemat("words.mat", {"layers": "conv1_1"})'
strange empty.mat scipy.io 'scipy.io.savemat("empty.mat", {"x": 1})'

if [ -e notop.h5 ]; then
    refuses "only a .pth leaves that open" notop.h5 never --input caffe
    mkdir none
    echo 'raise ImportError' >none/h5py.py
    PYTHONPATH=$work/none refuses "needs h5py (Debian: python3-h5py)" notop.h5 never
fi
[ $failed = 0 ] && echo "converted: $(grep -vc SKIP names) files"
exit $failed
