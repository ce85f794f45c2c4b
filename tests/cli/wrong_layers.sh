# Layer lists; exit 2.
for list in relu9_1 '' 'relu1_1,' relu1_1:x relu1_1:-1 relu1_1,relu1_1 relu1_1:0 conv1_1 relu1_1:nan; do
    try nst -c content.ppm -s style.ppm -o out.png --style-layers "$list"
done
try nst -c content.ppm -s style.ppm -o out.png --content-layers relu4_2:0,relu3_1:0
