# shellcheck shell=bash
# The beginning of tests with files of other programs: they run in the empty folder `work` and use `nst`.
# They are slow, and so run only when NST_FOREIGN is set.
: "${NST:?path of the nst binary}"
if [ -z "${NST_FOREIGN-}" ]; then
    echo "SKIP: all: other programs take their time; NST_FOREIGN=1, as in scripts/test, runs it"
    exit 0
fi
# shellcheck disable=SC2034 # for those who read this file
nst=$(realpath "$NST")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1

need() { # PACKAGES PROGRAM...
    local program packages=$1
    for program in "${@:2}"; do
        command -v "$program" >/dev/null && continue
        echo "SKIP: all: $program is not installed ($packages)"
        exit 0
    done
}
