# Options that do not exist, lack a value, have one too many, or stand twice; exit 2.
try nst --sise 3
try nst --nothing-like-it
try nst -x
try nst --conten a --co b
try nst --size
try nst -S
try nst --help=yes
try nst photo.jpg painting.jpg
try nst -c a.jpg b.jpg -s c.jpg -o d.png
try nst -c a.jpg -s c.jpg -o d.png -- -v
try nst -c a.jpg -c b.jpg -s c.jpg -o d.png
