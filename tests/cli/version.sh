nst -V
nst --version
