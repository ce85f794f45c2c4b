# -v tells of the pictures, the model, each scale and the result. The last of -q and -v counts.
nst -q -v -c content.ppm -s style.ppm -o out.png -S 64 -n 2 --coarse-iterations 3 --scales 2 2>log
sed -E -e 's/^(model[a-z ]*:).*/\1 .../' log
nst -v -q -c content.ppm -s style.ppm -o out.png $quick
