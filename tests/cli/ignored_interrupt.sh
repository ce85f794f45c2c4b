# Started with SIGINT ignored, as in the background of a script, nst goes on ignoring it.
trap '' INT
nst -q -c content.ppm -s style.ppm -o out.png -S 24 --scales 1 -n 300 --save-every 1 \
    --optimizer adam &
nst=$!
while [ ! -e out.0002.png ]; do sleep 0.05; done
kill -INT $nst
wait $nst
echo "exit $?"
ls out.0300.png
