# Help that cannot be written is a failure.
try nst --help >/dev/full
try nst --version >/dev/full
