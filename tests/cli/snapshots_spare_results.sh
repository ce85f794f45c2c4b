# An intermediate picture replaces neither the result of another photo nor a file of somebody.
mkdir photos
cp noise.ppm photos/x.0002.ppm
run() { nst -c photos -s style.ppm -o out $quick -n 4 "$@" 2>&1 | sed 's/, [0-9.]* s$//' | sort; }
run
cp out/x.0002.png before
cp content.ppm photos/x.ppm
echo 'both in one list:'
run --save-every 2
run --save-every 3
echo 'a result of another list:'
mkdir one
cp content.ppm one/x.ppm
nst -c one -s style.ppm -o out $quick -n 4 --save-every 2 --seed 1 2>&1 | sed 's/, [0-9.]* s$//'
cmp before out/x.0002.png && echo 'is still there'
echo 'a file of somebody:'
nst -q -c one -s style.ppm -o two $quick -n 4 --save-every 2
cp style.ppm two/x.0002.png
nst -c one -s style.ppm -o two $quick -n 4 --save-every 2 --seed 1 2>&1 | sed 's/, [0-9.]* s$//'
cmp style.ppm two/x.0002.png && echo 'is still there'
echo 'our own:'
nst -c one -s style.ppm -o two $quick -n 4 --save-every 4 --seed 2 2>&1 | sed 's/, [0-9.]* s$//'
