# A file in the folder of results that is not as nst wrote it is kept, named and counted; --overwrite
# replaces it. What nst wrote itself is replaced when the settings change.
mkdir photos out
cp content.ppm photos/a.ppm
cp noise.ppm photos/b.ppm
cp style.ppm out/b.png
run() { nst -c photos -s style.ppm -o out $quick --parallel 1 "$@" 2>&1 | sed 's/, [0-9.]* s$//' | sort; }
echo 'a file of somebody:'
run
cmp style.ppm out/b.png && echo 'is still there'
echo 'a result, retouched:'
cp noise.ppm out/a.png
run
cmp noise.ppm out/a.png && echo 'is still there'
run --dry-run
nst --log json -c photos -s style.ppm -o out $quick 2>&1 | grep -o '"event":"kept","job":.\|"kept":2' | sort
echo 'replaced on demand:'
run --overwrite
run
echo 'our own, by other settings:'
run --seed 1
echo 'our own, interrupted:'
nst -q -c photos -s style.ppm -o out $quick -n 9000 -S 48 -j 1 --parallel 1 2>/dev/null & pid=$!
sleep 1
kill $pid
wait $pid
echo "exit $?"
run
echo 'our own, of settings before those of the last line:'
cp out/a.png first
run --seed 2
cp first out/a.png
run --seed 3
echo 'without the journal nobody knows:'
rm out/.nst-journal
run --seed 3
