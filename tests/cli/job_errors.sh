# What is wrong with a job file is said by line and column, or by key; exit 1.
j() {
    printf '%s' "$1" >job.json
    echo "--- $1" >&2
    try nst --job job.json -c content.ppm -s style.ppm -o out.png
}
j ''
j '{"options": {"size": 24,}}'
j '{
  "options": {
    "size": 24
    "seed": 1
  }
}'
j '{} {}'
j '[]'
j '"text"'
j '{"options": {"sise": 24}}'
j '{"options": {"nothing-like-it": 24}}'
j '{"contents": "a.jpg"}'
j '{"size": 24}'
j '{"options": {"content": "a.jpg"}}'
j '{"options": {"record": "a.json"}}'
j '{"options": []}'
j '{"content": 3}'
j '{"content": ""}'
j '{"content": "a", "content": "b"}'
j '{"options": {"size": "24"}}'
j '{"options": {"size": 12}}'
j '{"options": {"size": 24.5}}'
j '{"options": {"size": 1e300}}'
j '{"options": {"size": null}}'
j '{"options": {"tv-weight": -1}}'
j '{"options": {"tv-weight": true}}'
j '{"options": {"pooling": "min"}}'
j '{"options": {"pooling": 3}}'
j '{"options": {"preset": "fast"}}'
j '{"options": {"style-layers": "relu7_1"}}'
j '{"options": {"style-layers": ["relu1_1"]}}'
j '{"options": {"seed": -1}}'
j '{"options": {"seed": 18446744073709551615}}'
j '{"options": {"seed": "18446744073709551616"}}'
j '{"sha256": {"content": "abc"}}'
j '{"sha256": {"photo": "abc"}}'
printf '{"output": "out.gif"}' >job.json
try nst --job job.json -c content.ppm -s style.ppm
try nst --job missing.json
try nst --job .
head -c 2000000 /dev/zero | tr '\0' ' ' >big.json
try nst --job big.json
ls
