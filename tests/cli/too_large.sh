# One picture of a folder that needs more memory than may be used: it says so, the others are done.
mkdir photos
for name in a b c; do cp content.ppm photos/$name.ppm; done
{ printf 'P6\n1500 1000\n255\n'; head -c 4500000 /dev/zero; } >photos/b-large.ppm
show() { sort messages | sed -E 's/[0-9]+ MB/M/g; s/size [0-9]+ would/size N would/; s/history of [0-9]+/history of N/'; }
run=(nst -c photos -s style.ppm -o out -S full -n 1 --scales 1 --max-memory 120M -w "$NST_PROJECT_DIR/tests/models/vgg19-slim.safetensors")
"${run[@]}" 2>messages || echo "exit $?"
show
ls out
"${run[@]}" --dry-run 2>messages | sed -E 's/about .*/M, T/'
show
