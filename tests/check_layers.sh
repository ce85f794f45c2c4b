#!/usr/bin/env bash
# Who may include whom (see CONTRIBUTING.md). Reads the #include lines under src.
#
#     check_layers.sh [FOLDER]     default: the project
set -u
project=${1:-${NST_PROJECT_DIR:-$(cd "$(dirname "$0")/.." && pwd)}}

# The rooms of the program in their order: each may include the ones before it, base and nst.h.
rooms="util files imageio hub options arguments list results engine observers report pictures commands door"

may_include() { # room of the file, room of what it includes
    case $1:$2 in
    "$1:$1" | *:nst.h) return 0 ;;
    kernels:base | optim:base) return 0 ;;
    model:kernels | model:base) return 0 ;;
    style:model | style:optim | style:kernels | style:base) return 0 ;;
    esac
    case " $rooms " in
    *" $1 "*) ;;
    *) return 1 ;;
    esac
    local before=" $rooms "
    case " base${before%%" $1 "*} " in
    *" $2 "*) return 0 ;;
    *) return 1 ;;
    esac
}

check() {
    local project=$1 bad=0 file room line target
    while IFS= read -r file; do
        room=${file#"$project/src/"}
        room=${room%%/*}
        while IFS= read -r line; do
            target=${line#*\"}
            target=${target%%\"*}
            if ! may_include "$room" "${target%%/*}"; then
                echo "${file#"$project/"}: $room may not include $target"
                bad=1
            fi
        done < <(grep -E '^ *# *include *"' "$file")
        # External libraries, each behind its own door.
        while IFS=: read -r header allowed; do
            if grep -qE "^ *# *include *<$header>" "$file" &&
                ! printf '%s' "${file#"$project/src/"}" | grep -qE "^($allowed)"; then
                echo "${file#"$project/"}: <$header> belongs elsewhere"
                bad=1
            fi
        done <<'DOORS'
cblas\.h:kernels/gemm\.c$
stb_image.*\.h:imageio/
lcms2\.h:imageio/
libexif/.*:imageio/
(cjson/)?cJSON\.h:model/(safetensors|encode)\.c$|arguments/|results/|observers/|report/|commands/
sha2\.h:files/
DOORS
    done < <(find "$project/src" -name '*.[ch]')
    return $bad
}

# It can fail: a planted include must be found.
planted=$(mktemp -d)
trap 'rm -rf "$planted"' EXIT
mkdir -p "$planted/src/kernels" "$planted/src/optim" "$planted/src/hub"
echo '#include "model/pass.h"' >"$planted/src/kernels/a.c"
echo '#include <cblas.h>' >"$planted/src/optim/b.c"
echo '#include "list/expand.h"' >"$planted/src/hub/c.c"
if [ "$(check "$planted" | wc -l)" -ne 3 ]; then
    echo "check_layers.sh does not find what was planted"
    exit 1
fi
check "$project" && echo "rooms keep their order"
