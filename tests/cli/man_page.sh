# The man page and --help know the same options with the same defaults.
page=$NST_PROJECT_DIR/src/door/nst.1
nst --help | tr '\n' ' ' | sed -E -e 's/ +/ /g' -e 's/ (-[a-zA-Z], )?--/\n--/g' |
    grep '^--[a-z]' | sort -u >help.all
sed -E 's/^(--[a-z-]+).*/\1/' help.all | sort -u >help.names
sed 's/\\-/-/g' "$page" | grep -A1 '^\.TP' | grep -o -e '--[a-z][a-z-]*' | sort -u >page.names
diff help.names page.names
wc -l <help.names | awk '{ print ($1 > 25 ? "options compared" : "too few options") }'

# "--name ... (default X)" of each
sed -nE 's/^(--[a-z-]+).*\(default ([^)]*)\).*/\1 \2/p' help.all | sort >help.defaults
sed 's/\\-/-/g' "$page" | awk '
    /^\.TP/ { name = "" ; next }
    name == "" && match($0, /--[a-z-]+/) { name = substr($0, RSTART, RLENGTH) }
    name != "" && match($0, /\(default [^)]*\)/) {
        print name, substr($0, RSTART + 9, RLENGTH - 10) }' | sort >page.defaults
diff help.defaults page.defaults
wc -l <help.defaults | awk '{ print ($1 > 15 ? "defaults compared" : "too few defaults") }'
