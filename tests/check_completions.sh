#!/usr/bin/env bash
# Completions: bash, zsh and fish, as far as they are installed, read the files, offer every option
# that a --help lists and no other, and the words that an option takes.
set -u
: "${NST:?path of the nst binary}"
project=${NST_PROJECT_DIR:-$(cd "$(dirname "$0")/.." && pwd)}
completions=$project/src/door/completions
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/home"
ln -s "$(realpath "$NST")" "$folder/bin/nst"
export PATH=$folder/bin:$PATH HOME=$folder/home
cd "$folder" || exit 1
touch photo.jpg
bad=0

complain() {
    echo "$*"
    bad=1
}

# Words, one a line, on one line and in order.
line() {
    sort -u | tr '\n' ' '
}

# same WHAT EXPECTED GOT
same() {
    [ "$2" = "$3" ] || complain "$1: expected '$2', got '$3'"
}

# ---- one function per shell: what it offers for the last of the words after nst ----------------

in_bash() {
    # shellcheck disable=SC2016 # for the bash that is started
    bash --norc -c '. "$0"; compopt() { :; }; COMP_WORDS=(nst "$@"); COMP_CWORD=$#; _nst
        printf "%s\n" "${COMPREPLY[@]}"' "$completions/nst.bash" "$@" | line
}

in_fish() {
    fish --no-config -c "source '$completions/nst.fish'; complete --do-complete 'nst $*'" | cut -f 1 | line
}

# zsh completes only on a terminal. So this reads what its completion function would offer, and one
# word is typed below.
in_zsh() {
    cat >told.zsh <<'EOF'
_call_program() { shift; "$@" }
_describe() { print -rl -- "${(@)${(@P)2}%%:*}" }
_arguments() {
    local spec
    for spec in "${@[2,-1]}"; do
        case $words[-1] in
        --) [[ $spec == \*--* ]] && print -r -- ${${spec#\*}%%[=\[]*} ;;
        --*=) [[ $spec == \*$words[-1]* ]] && print -rl -- ${=${${spec##*:\(}%\)}} ;;
        esac
    done
}
words=(nst "${(@)argv[2,-1]}") CURRENT=$#words
source $1
EOF
    zsh -f told.zsh "$completions/_nst" "$@" | line
}

# ---- what each shell must offer -----------------------------------------------------------------

# options [COMMAND]
options() {
    nst "$@" --help | grep -oE '^  (-.,|   ) --[a-z0-9-]+' | grep -oE -e '--[a-z0-9-]+' | line
}

# words OPTION: those that nst names when it is given another
words() {
    nst "--$1" no-such-word 2>&1 | sed -n 's/.*expected \(.*\)/\1/p' | sed 's/,/ /g; s/ or / /g' |
        tr -s ' ' '\n' | line
}

commands=$(nst --help | sed -n 's/^  nst \([a-z]*\)  .*/\1/p')
for shell in bash fish zsh; do
    command -v $shell >/dev/null || { echo "SKIP: $shell is not installed"; continue; }
    files=("$completions/"*"${shell/zsh/_nst}")
    $shell -n "${files[0]}" || complain "$shell does not read ${files[0]}"
    same "$shell: nst" "$(line <<<"$commands")" "$(in_$shell '')"
    same "$shell: nst --" "$(options)" "$(in_$shell --)"
    for command in $commands; do
        same "$shell: nst $command --" "$(options "$command")" "$(in_$shell "$command" --)"
    done
    for option in preset format color style-stat optimizer pooling precision log; do
        case $shell in
        bash) got=$(in_bash "--$option" '') ;;
        zsh) got=$(in_zsh "--$option=") ;;
        fish) got=$(in_fish "--$option ") ;;
        esac
        same "$shell: --$option" "$(words $option)" "$got"
    done
done

same 'bash: a letter' 'draft ' "$(in_bash -p dr)"
same 'bash: behind =' 'draft high normal ' "$(in_bash --preset = '')"
same 'bash: a file' 'photo.jpg ' "$(in_bash -c ph)"
same 'bash: a network' 'bundled ' "$(in_bash -w bu)"
same 'bash: a file for a command' 'photo.jpg ' "$(in_bash compare ph)"
if command -v fish >/dev/null; then
    same 'fish: a letter' 'draft ' "$(in_fish -p dr)"
    same 'fish: a file' 'photo.jpg ' "$(in_fish -c ph)"
    same 'fish: a network' 'bundled ' "$(in_fish -w bu)"
fi
if command -v zsh >/dev/null; then
    timeout 600 zsh -f >typed 2>&1 <<EOF
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "fpath=($completions \$fpath); autoload -Uz compinit; compinit -D -u; print RE''ADY"
while zpty -r z line; do [[ \$line == *READY* ]] && break; done
zpty -w -n z \$'nst compare pho\t'
sleep 1
zpty -w -n z \$'\x15print E\'\'ND\n'
while zpty -r z line; do print -r -- "\$line"; [[ \$line == *END* ]] && break; done
EOF
    grep -q 'nst compare photo.jpg' typed || { cat -v typed; complain 'zsh: nothing comes of a tab'; }
fi
[ $bad = 0 ] && echo 'completions agree with the program'
exit $bad
