# shellcheck shell=bash
# Completion of nst for bash. The options are read off `nst --help`, so they are those of the program
# that is installed; only the words that some of them take stand here.

_nst_words() { # OPTION: the words it takes
    case $1 in
    --preset) echo draft normal high ;;
    --format) echo png jpg jpeg webp tif tiff avif bmp tga ;;
    --depth) echo 8 16 ;;
    --metadata) echo keep no-gps none ;;
    --color) echo style luma match ;;
    --style-stat) echo gram covariance w2 ;;
    --precision) echo single reproducible fast ;;
    --init) echo colors content noise style ;;
    --optimizer) echo lbfgs adam ;;
    --pooling) echo model max avg ;;
    --log) echo text json ;;
    --dtype) echo f32 f16 ;;
    --size) echo full ;;
    --style) "${COMP_WORDS[0]}" styles 2>/dev/null | sed 's/ .*//' ;;
    --weights) "${COMP_WORDS[0]}" weights list 2>/dev/null | sed '/  not installed/d; s/ .*//' ;;
    esac
}

_nst_options() { # COMMAND: lines of letter (or --), name and what the value is called
    # shellcheck disable=SC2086 # no command is no word
    "${COMP_WORDS[0]}" $1 --help 2>/dev/null |
        sed -nE -e 's/^      --/  --, --/' -e 's/^  (-.), (--[a-z0-9-]+)( [^ ]+)?(  .*)?$/\1 \2\3/p'
}

_nst() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local commands command='' letter name value names=''
    COMPREPLY=()
    # Bash takes the = of --option=value for a word of its own.
    if [[ $word == = ]]; then
        word=''
    elif [[ $before == = ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    commands=$("${COMP_WORDS[0]}" --help 2>/dev/null | sed -n 's/^  nst \([a-z]*\)  .*/\1/p' | tr '\n' ' ')
    [[ $COMP_CWORD -gt 1 && " $commands" == *" ${COMP_WORDS[1]} "* ]] && command=${COMP_WORDS[1]}

    while read -r letter name value; do
        names+=" $name"
        [[ -n $value && ($before == "$letter" || $before == "$name") ]] || continue
        mapfile -t COMPREPLY < <(compgen -W "$(_nst_words "$name")" -- "$word")
        case $value in
        *PATH* | *FILE* | WHAT)
            compopt -o filenames
            mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
            ;;
        esac
        return
    done < <(_nst_options "$command")

    if [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$names" -- "$word")
    elif [[ $COMP_CWORD == 1 ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
        [[ ${#COMPREPLY[@]} == 0 ]] && compopt -o filenames && mapfile -t COMPREPLY < <(compgen -f -- "$word")
    elif [[ $command == weights && $COMP_CWORD == 2 ]]; then
        mapfile -t COMPREPLY < <(compgen -W 'list info verify fetch import use' -- "$word")
    else # photos
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}

complete -F _nst nst
