# What a person meets who mistypes, interrupts, or asks for help; on a terminal where that matters.
say() {
    echo "\$ nst $*"
    nst "$@" 2>&1 || echo "exit $?"
}
say comapre a.png b.png
say wieghts list
say hlep
say nothing-like-it
say help comprae
say help wholly-unknown
nst help | cmp - <(nst --help) && nst help compare | cmp - <(nst compare --help) && echo 'help helps'
say -c https://example.org/cat.jpg -s style.ppm -o out.png
say -c content.ppm -s HTTP://example.org/waves.jpg -o out.png
say -c content.ppm -s style.ppm:0 -o out.png
say -c content.ppm -s style.ppm:-1 -o out.png
say -c content.ppm -s style.ppm -o out.png --colour luma
say -c content.ppm -s style.ppm -o no/where/out.png
export TERM=xterm
on_terminal() { # COMMAND
    script -qec "$1" /dev/null | tr '\r\033' '\n!'
}
# Something before the first iteration, and a plain last line.
on_terminal "nst -c content.ppm -s style.ppm -o out.png $quick" >screen
grep -o -e '^reading.*' -e '^looking.*' -e 'out.png: 24x16.*' screen
on_terminal "nst -c content.ppm noise.ppm -s style.ppm -o out/ --parallel 1 $quick" |
    grep -o 'pictures done, reading' | sort -u
# A result that is smaller than its photo, by the default size, is told of once.
awk 'BEGIN { print "P3 600 40 255"; for (i = 0; i < 72000; i++) print i % 256 }' >wide.ppm
small='-s style.ppm -n 0 --scales 1'
on_terminal "nst -c wide.ppm $small -o wide.png" | grep -a pixels
on_terminal "nst -c wide.ppm $small -o wide.png -q; nst -c wide.ppm $small -o wide.png -S 512
    nst -c content.ppm $small -o wide.png" | grep -ac pixels
nst -c wide.ppm $small -o wide.png 2>&1 | grep -c pixels
# Ctrl-C is acknowledged at once.
interrupted() { # OUTPUT OPTION
    on_terminal "nst -c content.ppm -s style.ppm $1 -S 24 --scales 1 -n 50000 --save-every 1 \
        --optimizer adam $2 & while [ ! -e $3 ]; do sleep 0.05; done; kill -TERM \$!; wait \$!; echo exit \$?" |
        grep -a -o -e 'nst: stopping.*' -e '^exit.*'
}
interrupted '-o a.png' '' a.0002.png
interrupted '-o b.png' -q b.0002.png
interrupted '-o list/' '' list/content.0002.png
# A second one ends it at once: here while it waits for a photo that does not come.
mkfifo held
exec 3<>held
script -qefc "nst -o never.png -c - -s style.ppm -S 24 <held & echo \$! >pid; wait \$!; echo exit \$?" seen \
    >/dev/null </dev/null &
says() { # WORD: once it stands on the terminal, or never will
    until grep -qs "$1" seen || ! kill -0 $!; do sleep 0.05; done
}
says reading && kill -TERM "$(cat pid)"
says stopping && kill -TERM "$(cat pid)"
wait
exec 3>&-
tr '\r\033' '\n!' <seen | grep -a -o -e 'nst: stop.*' -e '^exit.*'
[ -e never.png ] || echo 'nothing is written'
