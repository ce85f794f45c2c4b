#!/usr/bin/env bash
# Who may include whom (see CONTRIBUTING.md), no circle of modules, and no crowded room. Reads the
# #include lines under src; a module is a .c file and the header of its name.
#
#     check_layers.sh [FOLDER]     default: the project
set -u
project=${1:-${NST_PROJECT_DIR:-$(cd "$(dirname "$0")/.." && pwd)}}
most_files=20

# The rooms of the library, each with those it may include. All may include nst.h and themselves.
library="
base:
values:kernels base
kernels:base
optim:base
image:kernels base
model:kernels base
measure:image model kernels base
style:image model optim kernels values base
paint:base
"
# The rooms of the program in their order: each may include the ones before it, base
# and values.
program="util files imageio hub options arguments list results engine observers report pictures
serve commands door"

# External libraries: header (a regular expression) and the files that may include it.
external='
cblas\.h kernels/gemm\.c$
stb_image.*\.h imageio/codecs/
lcms2\.h imageio/color/transform_lcms\.c$
(jpeglib|png|tiffio|webp/.*|libheif/.*)\.h imageio/codecs/
(cjson/)?cJSON\.h model/(safetensors|encode)\.c$|(arguments|results|observers|report|serve|commands)/
microhttpd\.h serve/
'

# "file:header" of each #include with the given quote, file relative to src.
includes() { # PROJECT QUOTE
    (cd "$1/src" && grep -rE --include='*.[ch]' "^ *# *include *$2" . |
        sed -E 's|^\./([^:]*):.*include *[<"]([^>"]*)[>"].*|\1:\2|')
}

check_rooms() { # PROJECT
    includes "$1" '"' | awk -F: -v library="$library" -v program="$program" '
        BEGIN {
            n = split(library, rows, "\n")
            for (i = 1; i <= n; i++) {
                split(rows[i], row, ":")
                m = split(row[2], below, " ")
                for (k = 1; k <= m; k++) may[row[1], below[k]] = 1
            }
            n = split(program, rooms, /[ \n]+/)
            for (i = 1; i <= n; i++) {
                may[rooms[i], "base"] = may[rooms[i], "values"] = 1
                for (k = 1; k < i; k++) may[rooms[i], rooms[k]] = 1
            }
        }
        {
            split($1, from, "/"); split($2, to, "/")
            if ($2 != "nst.h" && from[1] != to[1] && !((from[1], to[1]) in may)) {
                print $1 ": " from[1] " may not include " $2
                bad = 1
            }
        }
        END { exit bad }'
}

check_external() { # PROJECT
    includes "$1" '<' | awk -F: -v external="$external" '
        BEGIN {
            n = split(external, rows, "\n")
            for (i = 1; i <= n; i++)
                if (split(rows[i], row, " ") == 2) allowed[row[1]] = row[2]
        }
        {
            for (header in allowed)
                if ($2 ~ "^" header "$" && $1 !~ "^(" allowed[header] ")") {
                    print $1 ": <" $2 "> belongs elsewhere"
                    bad = 1
                }
        }
        END { exit bad }'
}

check_circles() { # PROJECT
    local loop
    loop=$(includes "$1" '"' | sed -E 's|\.[ch]:| |; s|\.[ch]$||' | grep -v ' nst$' |
        LC_ALL=C tsort 2>&1 >/dev/null | sed -n 's/^tsort: //p' | grep -v 'contains a loop' |
        tr '\n' ' ')
    [ -z "$loop" ] || { echo "modules that include each other: $loop"; return 1; }
}

check_crowds() { # PROJECT
    (cd "$1/src" && find . -name '*.[ch]') | sed 's|/[^/]*$||; s|^\./||' | sort | uniq -c |
        awk -v most="$most_files" '
            $1 > most { print $2 ": " $1 " files, more than " most; bad = 1 }
            END { exit bad }'
}

check() { # PROJECT
    local bad=0
    check_rooms "$1" || bad=1
    check_external "$1" || bad=1
    check_circles "$1" || bad=1
    check_crowds "$1" || bad=1
    return $bad
}

# The check itself: it must report each planted fault on a line of its own.
planted=$(mktemp -d)
trap 'rm -rf "$planted"' EXIT
expect() { # WHAT LINES
    local found
    found=$(check "$planted")
    if [ "$(printf '%s' "$found" | grep -c .)" -ne "$2" ]; then
        printf 'check_layers.sh does not find what was planted: %s\n%s\n' "$1" "$found"
        exit 1
    fi
    rm -rf "$planted/src"
}
plant() { # FILE LINE
    mkdir -p "$(dirname "$planted/src/$1")"
    echo "$2" >>"$planted/src/$1"
}
plant kernels/a.c '#include "model/pass.h"'
plant hub/c.c '#include "list/expand.h"'
plant unknown/d.c '#include "base/error.h"'
expect 'rooms' 3
plant optim/b.c '#include <cblas.h>'
plant util/json.c '#include <cjson/cJSON.h>'
expect 'external headers' 2
plant style/a.c '#include "style/b.h"'
plant style/b.c '#include "style/c.h"'
plant style/c.h '#include "style/a.h"'
plant style/a.h '#include "nst.h"'
expect 'a circle through three files' 1
for i in $(seq 21); do plant "util/f$i.c" ''; done
expect 'a crowded room' 1
plant report/a.c '#include "engine/run.h"'
plant report/a.c '#include "nst.h"'
plant report/a.c '#include <stdio.h>'
expect 'nothing' 0

check "$project" && echo "rooms keep their order, without circles or crowds"
