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
if command -v clang-format >/dev/null; then
    clang-format --dry-run --Werror "${sources[@]}" || complain "clang-format would change the above"
else
    echo "SKIP: clang-format is not installed"
fi
if command -v shellcheck >/dev/null; then
    shellcheck -x -P SCRIPTDIR -P scripts scripts/nst scripts/test scripts/lib.sh .ci/run tests/*.sh \
        src/cli/completions/nst.bash tests/batch/*.sh tests/golden/run.sh tests/weights/*.sh ||
        complain "shellcheck has something to say"
else
    echo "SKIP: shellcheck is not installed"
fi
exit $bad
