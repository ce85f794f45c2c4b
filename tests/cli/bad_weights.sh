# Weights that are none: exit 1, nothing written.
echo 'not weights' >text.safetensors
: >empty.safetensors
for file in missing.safetensors text.safetensors empty.safetensors content.ppm .; do
    status=0
    nst -c content.ppm -s style.ppm -o out.png -w $file 2>message || status=$?
    [ "$(wc -l <message)" = 1 ] && grep -q "^nst: $file: ." message || cat message
    echo "$file: exit $status"
done
ls
