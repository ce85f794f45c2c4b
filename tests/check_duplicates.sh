#!/usr/bin/env bash
# No run of more than eight lines stands twice in the sources, scripts and tests. Blank lines, lines
# of brackets only and #include lines do not count, nor does the depth of indentation; a run does not
# reach over the end of a file.
#
#     check_duplicates.sh [FOLDER]     default: the project
set -u
project=${1:-${NST_PROJECT_DIR:-$(cd "$(dirname "$0")/.." && pwd)}}

# shellcheck disable=SC2016 # the program is awk's
duplicates() { # FOLDER: "FILE:LINE and FILE:LINE" of each run
    (cd "$1" && find src include tests scripts -type f \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' \
        -o ! -name '*.*' \) -print0 | LC_ALL=C sort -z | xargs -0 grep -lIZ '' | xargs -0 awk -v most=8 '
        {
            line = $0
            gsub(/[ \t\r]+/, "", line)
        }
        line ~ /^[][{}(),;*\/]*$/ || line ~ /^#include/ { next }
        { n++; text[n] = line; file[n] = FILENAME; at[n] = FNR }
        END {
            for (i = 1; i + most <= n; i++) {
                if (file[i] != file[i + most]) continue
                run = ""
                for (k = 0; k <= most; k++) run = run "\n" text[i + k]
                if (!(run in first)) {
                    first[run] = i
                    continue
                }
                j = first[run]
                same[i] = j
                if (same[i - 1] != j - 1) print file[j] ":" at[j] " and " file[i] ":" at[i]
            }
        }')
}

bad=$(duplicates "$project")
if [ -n "$bad" ]; then
    echo "written twice:"
    echo "$bad"
    exit 1
fi

# The check itself: it must find a run of nine lines, and none of eight.
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/src" "$work/include" "$work/tests" "$work/scripts"
seq 100 108 >"$work/src/a.c"
{ echo first; seq 100 104; echo "{"; echo; seq -f '    %.0f' 105 108; } >"$work/scripts/b"
[ "$(duplicates "$work")" = "scripts/b:2 and src/a.c:1" ] || { echo "a run of nine lines is not seen"; exit 1; }
sed -i 's/107/other/' "$work/src/a.c"
[ -z "$(duplicates "$work")" ] || { echo "a run of fewer is seen"; exit 1; }
