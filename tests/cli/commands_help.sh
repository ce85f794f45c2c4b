# Every subcommand that nst --help lists has a --help that fits 80 columns and a manual page that
# knows the same options.
nst --help | sed -nE 's/^  nst ([a-z]+) +[^ ].*/\1/p' >commands
cat commands
while read -r command; do
    nst "$command" --help >help || echo "$command: no help"
    awk -v c="$command" 'length($0) > 80 { print c ": too wide: " $0 }' help
    head -n 1 help
    page=$NST_PROJECT_DIR/src/door/nst-$command.1
    grep -oE '^  .{4}--[a-z][a-z-]*' help | grep -oe '--[a-z-]*' | sort -u >help.names
    sed 's/\\-/-/g' "$page" | grep -A1 '^\.TP' | grep -o -e '--[a-z][a-z-]*' | sort -u >page.names
    diff help.names page.names || echo "$command: the page differs from --help"
    grep -q '"nst '"$(nst --version | sed -n '1s/nst //p')"'"' "$page" || echo "$page: other version"
    if command -v man >/dev/null; then
        LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -l "$page" 2>&1 >/dev/null | head -n 3
    fi
done <commands
