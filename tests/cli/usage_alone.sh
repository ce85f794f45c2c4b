# Without arguments: three lines of usage, exit 2.
nst
