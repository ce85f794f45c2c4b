# Ctrl-C: what there is becomes a whole picture, a record says so, exit 130.
set -m # so that the background process does not ignore SIGINT
for signal in INT TERM HUP; do
    rm -f out*
    nst -c content.ppm -s style.ppm -o out.png -S 24 --scales 1 -n 20000 --save-every 1 \
        --record out.json --report out.html --optimizer adam 2>message &
    nst=$!
    until [ -e out.0002.png ] || ! kill -0 $nst; do sleep 0.05; done
    kill -$signal $nst
    status=0
    wait $nst 2>notices || status=$?
    echo "SIG$signal: exit $status"
    sed 's/after [0-9]*/after N/' message
    grep -c '"interrupted":	true' out.json
    grep -o '<title>out.*' out.html
    nst -q -c out.png -s style.ppm -o again.png $quick && hex 8 again.png
done 2>/dev/null
rm -f out.[0-9]*.png
ls -A
