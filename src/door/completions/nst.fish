# Completion of nst for fish. The options are read off `nst --help`, so they are those of the program
# that is installed; only the words that some of them take stand here.

function __nst_words --argument-names option
    switch $option
        case preset
            echo draft normal high
        case format
            echo png jpg jpeg webp tif tiff avif bmp tga
        case depth
            echo 8 16
        case metadata
            echo keep no-gps none
        case color
            echo style luma match
        case style-stat
            echo gram covariance w2
        case precision
            echo single reproducible fast
        case init
            echo colors content noise style
        case optimizer
            echo lbfgs adam
        case pooling
            echo model max avg
        case log
            echo text json
        case dtype
            echo f32 f16
        case size
            echo full
        case style
            echo '(nst styles 2>/dev/null | string replace --regex " .*" "")'
        case weights
            echo '(nst weights list 2>/dev/null | string match --invert "*  not installed*" | string replace --regex " .*" "")'
    end
end

# CONDITION COMMAND...: the options that the help of the command lists
function __nst_options --argument-names condition
    for line in ($argv[2..-1] --help 2>/dev/null)
        set -l part (string match --regex -- '^  (-[A-Za-z],|   ) --([a-z0-9-]+)((?: [^ ]+)?)((?:  +.*)?)$' $line)
        or continue
        set -l spec --command nst --condition $condition --long-option $part[3]
        set -l letter (string match --regex -- '[A-Za-z]' $part[2])
        and set -a spec --short-option $letter
        set -l text (string trim -- $part[5])
        test -n "$text"; and set -a spec --description $text
        if test -n "$part[4]"
            set -a spec --require-parameter
            set -l words (__nst_words $part[3])
            test -n "$words"; and set -a spec --arguments $words
            string match --quiet --regex 'PATH|FILE|WHAT' -- $part[4]
            and set -a spec --force-files
            or set -a spec --no-files
        end
        complete $spec
    end
end

if command --query nst
    set -l commands (nst --help | string replace --filter --regex '^  nst ([a-z]+)  +(.*)' '$1\t$2')
    set -l names (string replace --regex '\t.*' '' -- $commands)
    set -l alone "not __fish_seen_subcommand_from $names"
    complete --command nst --condition 'test (count (commandline -opc)) = 1' --no-files
    for line in $commands
        set -l part (string split \t -- $line)
        complete --command nst --condition 'test (count (commandline -opc)) = 1' \
            --arguments $part[1] --description $part[2]
    end
    complete --command nst --no-files --arguments 'list info verify fetch import use' \
        --condition 'test (count (commandline -opc)) = 2; and __fish_seen_subcommand_from weights'
    __nst_options $alone nst
    for name in $names
        __nst_options "__fish_seen_subcommand_from $name" nst $name
    end
end
