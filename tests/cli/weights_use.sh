# nst weights use: what is taken where -w names nothing; and the one time that a better one is offered.
export XDG_DATA_HOME=$PWD/data TERM=xterm
folder=data/nst/weights
same() { sed -E "s|$PWD|HERE|g; s/[0-9a-f]{64}/X/g; s/, [0-9.]+ MB/, N MB/"; }
show() { try "$@" 2>&1 | same; }
paint() { nst -c content.ppm -s style.ppm $quick "$@"; }

# Another model than the bundled one: the same in other precision is enough for its name to show.
nst weights import -q "$NST_PROJECT_DIR"/tests/models/vgg19-slim.safetensors other --dtype f32
show nst weights use missing
show nst weights use vgg19
show nst weights use ../other
show nst weights use
show nst weights use other
nst weights list | same
paint -q -o a.png --record a.json && grep -c '"weights":	"other"' a.json
paint -v -o b.png 2>&1 | same | grep '^model: '
nst measure -c content.ppm -s style.ppm a.png >a.txt && nst measure -c content.ppm -s style.ppm a.png -w other | cmp - a.txt
paint -q -o c.png -w bundled --record c.json && grep -c '"weights":	"bundled"' c.json
nst -q --job a.json -o d.png && cmp a.png d.png
rm $folder/other.safetensors
show paint -q -o e.png
printf 'two words\n' >$folder/default
show paint -q -o e.png
show nst weights use bundled
paint -q -o e.png && cmp c.png e.png
ls -A $folder

# Offered after the first picture on a terminal, once; not in pipes, not with -q, not again.
offers() { tr -d '\r' <"$1" | grep -c 'nst weights fetch vgg19'; }
on_terminal() { script -qec "$(which nst) -c content.ppm -s style.ppm $quick $*" said >/dev/null; }
paint -o f.png 2>piped; offers piped
on_terminal -q -o f.png; offers said
on_terminal --log json -o f.png; offers said
on_terminal -o f.png; offers said
on_terminal -o f.png; offers said
rm $folder/.offered
cp "$NST_PROJECT_DIR"/tests/models/vgg19-slim.safetensors $folder/vgg19.safetensors
on_terminal -o f.png; offers said
