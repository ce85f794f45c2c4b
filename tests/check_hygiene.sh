#!/usr/bin/env bash
# Formatting, white space, file lengths, shell scripts.
set -u
project=${NST_PROJECT_DIR:-$(cd "$(dirname "$0")/.." && pwd)}
cd "$project" || exit 1
bad=0

complain() {
    echo "$*"
    bad=1
}

mapfile -t sources < <(find src include tests scripts -name '*.[ch]' | sort)
mapfile -t texts < <(find src include tests scripts CMakeLists.txt ./*.md \
    \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -name '*.md' -o -name '*.txt' \) | sort)

for file in "${texts[@]}"; do
    grep -nE '[[:blank:]]+$' "$file" | head -n 3 | grep -q . && complain "$file: trailing white space"
    [ -n "$(tail -c 1 "$file")" ] && complain "$file: no newline at the end"
done
for file in "${sources[@]}"; do
    grep -qP '\t' "$file" && complain "$file: has a tab"
    lines=$(wc -l <"$file")
    [ "$lines" -gt 700 ] && complain "$file: $lines lines; is that one job?"
done
# Versions of clang-format differ in taste; .clang-format is meant for 14.
format=
for name in clang-format-14 clang-format; do
    "$name" --version 2>/dev/null | grep -q 'version 14\.' && format=$name && break
done
if [ -n "$format" ]; then
    "$format" --dry-run --Werror "${sources[@]}" || complain "clang-format would change the above"
else
    echo "SKIP: clang-format 14 is not installed"
fi

mapfile -t scripts < <(grep -rlIE --exclude='*.1' '^(#!.*[/ ](ba)?sh|# shellcheck shell=bash.*)$' .ci scripts src tests)
if command -v shellcheck >/dev/null; then
    shellcheck -x -P SCRIPTDIR -P scripts "${scripts[@]}" || complain "shellcheck has something to say"
    # Cases of the command line are pieces of a script: run.sh sets $quick, which is several words.
    mapfile -t cases < <(find tests/cli -name '*.sh' ! -name run.sh | sort)
    shellcheck -s bash -S warning -e SC2034,SC2154 "${cases[@]}" || complain "... of these cases"
else
    echo "SKIP: shellcheck is not installed"
fi

mapfile -t pythons < <({ find scripts tests -name '*.py'; grep -rlIE '^#!.*python3$' scripts tests; } | sort -u)
if command -v python3 >/dev/null; then
    python3 -c 'import sys
for path in sys.argv[1:]:
    compile(open(path, encoding="utf-8").read(), path, "exec")' "${pythons[@]}" || complain "the above is no Python"
else
    echo "SKIP: python3 is not installed"
fi
exit $bad
