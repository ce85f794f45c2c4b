# --help goes to standard output, fits 80 columns, begins with usage and examples, and shows
# defaults.
nst --help >help
awk 'length($0) > 80 { print "too wide: " $0 }' help
sed -n 1,9p help
grep '^[A-Z][a-z]*:$' help
grep -c '(default ' help | awk '{ print ($1 >= 15 ? "defaults shown" : "too few defaults") }'
nst -h | cmp - help
