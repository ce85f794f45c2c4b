nst -V | head -n 1
nst --version | head -n 1
# Every format, with the library that reads it or the package that would.
nst --version | grep -cE '^(PNG|JPEG|BMP|TGA|PNM|WebP|TIFF|HEIF|AVIF|colors) +(read|left out|converted)'
