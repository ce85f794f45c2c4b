# A list of jobs over common settings; messages say which entry is meant.
cat >list.json <<'EOF'
{"style": "style.ppm", "options": {"size": 24, "iterations": 2, "scales": 1},
 "jobs": [{"content": "content.ppm", "output": "a.png"},
          {"content": "noise.ppm", "output": "b.jpg", "options": {"size": 32, "quality": 50}},
          {"content": "missing.ppm", "output": "c.png"},
          {"content": "content.ppm", "style": "noise.ppm", "output": "results/"}]}
EOF
nst --job list.json 2>messages || echo "exit $?"
sort messages
ls -A . results
nst --job list.json 2>&1 | tail -1
echo 'the command line wins:'
nst --job list.json -c content.ppm -S 40 2>&1 | sort
bad() { echo "$1" >bad.json; try nst --job bad.json; }
bad '{"jobs": {}}'
bad '{"jobs": []}'
bad '{"jobs": [1]}'
bad '{"jobs": [{"content": "a", "sise": 3}]}'
bad '{"style": "s", "jobs": [{"content": "a", "output": "o.png"}, {"output": "o.png"}]}'
bad '{"style": "s", "jobs": [{"content": "a", "output": "o.gif"}]}'
bad '{"style": "s", "jobs": [{"content": "a", "output": "o.png", "options": {"size": "x"}}]}'
bad '{"style": "s", "jobs": [{"content": "a", "output": "o.png"}, {"content": "b", "output": "./o.png"}]}'
bad '{"jobs": [{"jobs": []}]}'
