# The same command gives the same bytes or is refused, whatever memory there is: a limit decides how
# the result is computed, and nothing else.
run=(nst -q -c content.ppm -s style.ppm -S 256 -n 12 --scales 1 -j 1
    -w "$NST_PROJECT_DIR/tests/models/vgg19-slim.safetensors")
"${run[@]}" -o free.png
for limit in 400M 150M 120M 100M 80M 70M 60M 50M 40M; do
    if "${run[@]}" -o limited.png --max-memory $limit 2>message; then
        cmp free.png limited.png && echo same >>answers
    else
        grep -Eq 'size [0-9]+ would fit|no size fits' message || cat message
        echo refused >>answers
    fi
done
sort -u answers
