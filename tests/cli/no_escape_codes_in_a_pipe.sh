# Standard error that is no terminal gets the summary and no control characters.
TERM=xterm nst -c content.ppm -s style.ppm -o out.png $quick 2>message
tr -d '\n' <message | grep -q '[[:cntrl:]]' && echo 'control characters'
cat message
TERM=xterm nst -v -c content.ppm -s style.ppm -o out.png $quick 2>message
tr -d '\n' <message | grep -q '[[:cntrl:]]' && echo 'control characters'
true
