# A journal that somebody put there: what is no line of ours is passed over, what is no file refused.
mkdir photos out
cp content.ppm photos/a.ppm
again() { nst -c photos -s style.ppm -o out $quick 2>&1 | sed 's/, [0-9.]* s.*//'; }
again
sleep 0.2 # a file that young is hashed whatever its time says
cp out/.nst-journal true
lie() { sed "s/$1/$2/" true >out/.nst-journal; again; }
echo 'lines that claim too much:'
lie '"result":"[0-9a-f]*"' '"result":"0000000000000000000000000000000000000000000000000000000000000000"'
lie '"key":"' '"key":"..\/..\/'
lie '"name":"a.png"' '"name":"..\/..\/a.png"'
lie '"width":24' '"width":1e999'
lie '"width":24' '"width":-1,"width":{"a":[]}'
echo 'what is no line:'
{
    head -c 100000 /dev/zero | tr '\0' '['
    printf '\n{"name":"a.png"}\n\0\0\0\n\377\376\n"\\ud800"\n[[[]\nnull\n%s' '{"name":'
    head -c 100000 /dev/urandom | tr -d '\n'
} >out/.nst-journal
again
again
echo 'what is no file:'
for kind in 'mkdir' 'mkfifo' 'ln -s /dev/zero' 'ln -s ../true'; do
    rm -rf out/.nst-journal
    $kind out/.nst-journal
    try timeout 600 nst -c photos -s style.ppm -o out $quick
done
cmp <(grep -c . true) <(echo 1) && echo 'the file behind the link is untouched'
