# A full device or a closed pipe behind standard output: one line, exit 1.
try nst -c content.ppm -s style.ppm -o - $quick >/dev/full
nst -c content.ppm -s style.ppm -o - $quick | true
echo "${PIPESTATUS[0]}"
