# Whose reader has read enough, as in nst --help | head -n 1, ends without a word, by SIGPIPE.
mkfifo pipe
exec 3<>pipe 4>pipe 3<&- # a pipe that nobody reads any more
ends() {
    echo "nst $*"
    env --default-signal=PIPE nst "$@" >&4
    echo "exit $?"
}
ends --help
ends help measure
ends --version
ends -c content.ppm -s style.ppm -o out.png --dry-run
ends styles
ends styles --paths
ends weights
ends weights info
ends weights verify
ends compare content.ppm noise.ppm
ends compare content.ppm noise.ppm --json
ends measure -c content.ppm -s style.ppm noise.ppm -S 24
ends serve --help
# A result that cannot be delivered has failed.
ends -q -c content.ppm -s style.ppm -o - $quick
