# -v tells of the pictures, the model, each scale and the result. The last of -q and -v counts.
nst -q -v -c content.ppm -s style.ppm -o out.png -S 64 -n 2 --coarse-iterations 3 --scales 2 2>log
sed -E -e 's/^(model[a-z ]*:).*/\1 .../' -e 's/[0-9.]+ .B of [0-9.]+ .B/M/' log
nst -v -q -c content.ppm -s style.ppm -o out.png $quick
nst -v -c content.ppm -s style.ppm -o out.png $quick --max-memory 1k 2>&1 | tail -n 1 |
    sed 's/[0-9]* MB of memory/M of memory/; s/takes [0-9]* MB/takes M/'
# The least memory in steps that is enough is not enough to keep all activations.
for memory in $(seq 60 8 600); do
    nst -v -c content.ppm -s style.ppm -o out.png -S 600 -n 1 --scales 1 --history 2 \
        -w "$NST_PROJECT_DIR/tests/models/vgg19-slim.safetensors" --max-memory "${memory}M" 2>log && break
done
grep -o 'activations.*' log
