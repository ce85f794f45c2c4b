# The same bytes for any number of threads, and twice in a row; for both optimizers.
for optimizer in lbfgs adam; do
    for run in 1 2 3; do
        nst -q -c content.ppm -s style.ppm -o $run.png -S 32 -n 6 --coarse-iterations 4 \
            --scales 2 --optimizer $optimizer -j $((run % 2 + 1))
    done
    cmp 1.png 2.png
    cmp 1.png 3.png
done
