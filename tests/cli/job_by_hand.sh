# A hand-written job needs only some keys; the command line completes it and wins over it.
cat >job.json <<'END'
{
  "content": "content.ppm",
  "style": "style.ppm",
  "options": {"preset": "draft", "iterations": 2, "size": 24, "scales": 1, "seed": 7}
}
END
try nst --job job.json
nst --job job.json -o a.png
nst --job job.json -o b.png -S 32 --record b.json
sed '/"result"/,$d' b.json | grep -e '"iterations"' -e '"seed"' -e '"size"'
# a preset on the command line wins over single options of the file
nst -q --job job.json -o c.png -p draft --coarse-iterations 1 -S 32 --record c.json
grep -q '"iterations":	2,' c.json || echo 'the preset won'
