# Outputs that cannot be: known before the model is opened, exit 1, nothing left behind.
mkdir folder.png
try nst -c content.ppm -s style.ppm -o nowhere/out.png
try nst -c content.ppm -s style.ppm -o folder.png
try nst -c content.ppm -s style.ppm -o content.ppm/out.png
try nst -c content.ppm -s style.ppm -o out.png --record nowhere/out.json
try nst -c content.ppm -s style.ppm -o out.png --record folder.png
try nst -c content.ppm -s style.ppm -o out.png --record out.png
echo '{}' >job.json
try nst --job job.json -c content.ppm -s style.ppm -o job.json -f png
ls -A
