# Pictures that cannot be read: one line each that names the file, exit 1, nothing written.
mkdir folder.png
: >empty.jpg
echo 'not a picture' >text.png
printf 'P6\n0 5\n255\n' >zero.ppm
printf 'P6\n100000 100000\n255\n' >huge.ppm
printf 'P6\n24 16\n255\nshort' >short.ppm
nst -q -c content.ppm -s style.ppm -o good.png $quick
head -c 200 good.png >cut.png
for file in missing.jpg empty.jpg text.png zero.ppm huge.ppm short.ppm cut.png; do
    for role in -c -s --init; do
        other="-c content.ppm -s style.ppm"
        [ $role = -c ] && other="-s style.ppm"
        [ $role = -s ] && other="-c content.ppm"
        status=0
        nst $other $role $file -o out.png $quick 2>message || status=$?
        [ "$(wc -l <message)" = 1 ] && grep -q "^nst: $file: ." message ||
            { echo "$role $file:"; cat message; }
        echo "$role $file: exit $status"
    done
done
status=0
nst -c content.ppm -s style.ppm --init folder.png -o out.png $quick || status=$?
echo "--init folder.png: exit $status"
ls
