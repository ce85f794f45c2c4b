# On a terminal one line is rewritten in place and cleared at the end; TERM=dumb and -q get none.
on_terminal() { # OPTIONS
    script -qec "nst $1 -c content.ppm -s style.ppm -o out.png $quick" /dev/null | tr -d '\n' |
        tr '\r\033' '<!'
}
export TERM=xterm
on_terminal '' | sed -E -e 's/<!\[K/\n&/g' -e 's/!\[K/&\n/g' >screen
grep -Eq '^< +[0-9]+%  (.* left  )?scale 1/1  iteration [12]/2  content [-0-9.e]+  style [-0-9.e]+!\[K$' screen &&
    echo 'progress shown'
tail -1 screen | grep -q '^out.png: 24x16' && echo 'cleared, then the summary'
[ -z "$(on_terminal -q)" ] && echo 'nothing with -q'
export TERM=dumb
on_terminal '' | grep -q '!' || echo 'no escape codes on a dumb terminal'
