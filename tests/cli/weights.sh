# nst weights without a network: list, info, verify, import; -w finds what is installed.
export XDG_DATA_HOME=$PWD/data
folder=data/nst/weights
slim=slim.safetensors
cp "$NST_PROJECT_DIR/tests/models/vgg19-slim.safetensors" $slim
chmod +w $slim
# What does not depend on the folder or on the bundled model's values.
same() { sed -E "s|$PWD|HERE|g; s/[0-9a-f]{64}/X/g; s/[0-9a-f]{12}\.\.\./X.../g"; }
show() { try "$@" 2>&1 | same; }

nst weights | same
nst weights info | sed -n '4,$p'
nst weights verify | same
show nst -q -c content.ppm -s style.ppm -o out.png -w vgg19 $quick
show nst -q -c content.ppm -s style.ppm -o out.png -w nothing $quick

# Imported as it is, a model paints the same picture; in f32 too, which holds all of f16.
cp $slim some.model.safetensors
nst weights import some.model.safetensors 2>&1 | same
nst weights import some.model.safetensors wide --dtype f32 2>&1 | same
nst weights import -q $slim narrow --dtype f16
nst weights list | same
ls -A $folder
(cd $folder && sha256sum -c --quiet ./*.sha256 && echo checksums fit)
nst weights verify some | same
nst -q -c content.ppm -s style.ppm -o a.png -w $slim $quick
for name in some wide narrow; do
    nst -q -c content.ppm -s style.ppm -o b.png -w $name $quick --record b.json && cmp a.png b.png
    grep '"weights":	"'$name'"' b.json
done
nst -q --job b.json -o c.png && cmp b.png c.png

show nst weights import some.model.safetensors some
show nst weights import some.model.safetensors some --force --quiet
show nst weights import content.ppm
show nst weights import missing.safetensors
show nst weights import some.model.safetensors other --sha256 "$(printf '0%.0s' $(seq 64))"
show nst weights import $slim bundled
show nst weights import $slim ../outside
show nst weights import $slim --dtype f64
show nst weights import
show nst weights list vgg19
show nst weights list --force
show nst weights import $slim --url x
show nst weights steal
show nst weights fetch other
show nst weights fetch --url ftp://127.0.0.1/x
show nst weights fetch --sha256 12

# From a local file: installed once, then left alone.
digest=$(sha256sum <some.model.safetensors | cut -d' ' -f1)
nst weights fetch vgg19 --url some.model.safetensors --sha256 "$digest" 2>&1 | same
show nst weights fetch vgg19 --url some.model.safetensors --sha256 "$digest"
show nst weights fetch vgg19 --force --url some.model.safetensors
nst -q -c content.ppm -s style.ppm -o b.png -w vgg19 $quick && cmp a.png b.png

# Damage is found, and does not hide the others.
printf X | dd of=$folder/some.safetensors bs=1 seek=100000 conv=notrunc status=none
printf X | dd of=$folder/wide.safetensors bs=1 seek=9 conv=notrunc status=none
nst weights verify 2>&1 | same
nst weights verify >/dev/null 2>&1
echo "exit $?"
nst weights | same | grep wide

# No home; a folder that cannot be written.
show env -u XDG_DATA_HOME -u HOME nst weights import $slim
show env -u XDG_DATA_HOME -u HOME nst weights info vgg19
touch file
show env XDG_DATA_HOME=$PWD/file nst weights import some.model.safetensors
show env XDG_DATA_HOME=data HOME=here nst weights import $slim # such are to be ignored

# Neither a pipe nor a device is waited for; strange names are not listed.
mkfifo pipe $folder/odd.safetensors $folder/some.safetensors.sha256.new
mv $folder/some.safetensors.sha256.new $folder/some.safetensors.sha256
cp $slim "$folder/two words.safetensors"
show timeout 600 nst weights import pipe pipe
show timeout 600 nst weights import /dev/zero zero
show timeout 600 nst weights verify some
show timeout 600 nst weights list
# A part that is no file is not written to.
ln -s ../../../victim $folder/.vgg19.part
show nst weights fetch vgg19 --force --url http://127.0.0.1:1/x
[ ! -e victim ] || echo written
