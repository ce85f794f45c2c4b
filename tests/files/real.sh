#!/usr/bin/env bash
# Pictures by other programs: each is made by one of them, decoded by nst, and compared with what a
# decoder of others makes of it. The largest difference of a value may be 2 of 255. Makers that are
# not installed, and formats that nst was built without, are named as skipped.
# shellcheck disable=SC2016 # $out is for the shell that make starts
set -u
. "$(dirname "$0")/lib.sh"
mkdir made reference out
need "imagemagick libvips-tools webp libheif-examples libavif-bin libimage-exiftool-perl" \
    convert vips cwebp dwebp heif-enc heif-convert avifenc avifdec exiftool

# ---- what they are made from -------------------------------------------------------------------

# Soft shapes, edges and noise, of odd sizes.
convert -size 133x101 plasma:tomato-steelblue -seed 7 \
    -fill white -draw 'circle 60,50 60,20' -fill black -draw 'rectangle 90,10 120,90' \
    -attenuate 0.3 +noise Gaussian -depth 8 PNG24:base.png
convert base.png -depth 16 -evaluate Multiply 0.917 PNG48:base16.png
convert base.png \( -size 133x101 gradient: -negate \) -alpha off -compose CopyOpacity -composite \
    PNG32:alpha.png
convert base.png -colorspace Gray -depth 8 grey.png

# make NAME COMMAND...: the command writes made/NAME, as $out.
count=0
make() {
    local name=$1
    shift
    out=made/$name
    export out
    if ! bash -c "$*" >"$name.log" 2>&1 || [ ! -s "$out" ]; then
        echo "SKIP: $name: its maker failed: $(head -n 1 "$name.log")"
        rm -f "$out"
        return
    fi
    count=$((count + 1))
}
magick() { make "$1" "convert $2 \"${3-}\$out\""; }

# PNG
magick png-palette.png "base.png -colors 60" PNG8:
magick png-grey.png grey.png
magick png-grey-1bit.png "grey.png -threshold 50% -depth 1"
magick png-grey16.png "base16.png -colorspace Gray -depth 16"
magick png-rgb16.png base16.png PNG48:
magick png-rgba.png alpha.png PNG32:
magick png-rgba16.png "alpha.png -depth 16" PNG64:
magick png-grey-alpha.png "alpha.png -colorspace Gray"
magick png-interlaced.png "base.png -interlace PNG"
make png-vips16.png 'vips copy base16.png $out[compression=2,interlace]'
# JPEG
magick jpg-444.jpg "base.png -sampling-factor 4:4:4 -quality 93"
magick jpg-420.jpg "base.png -sampling-factor 4:2:0 -quality 85"
magick jpg-422.jpg "base.png -sampling-factor 4:2:2 -quality 85"
magick jpg-progressive.jpg "base.png -interlace JPEG -quality 80"
magick jpg-grey.jpg "grey.png -quality 90"
magick jpg-cmyk.jpg "base.png -colorspace CMYK -quality 95"
magick jpg-restart.jpg "base.png -quality 90 -define jpeg:restart-interval=4"
make jpg-vips.jpg 'vips jpegsave base.png $out --Q 88 --optimize-coding --interlace'
# BMP
magick bmp2.bmp base.png BMP2:
magick bmp3.bmp base.png BMP3:
magick bmp4.bmp base.png
magick bmp4-alpha.bmp alpha.png
magick bmp-palette.bmp "base.png -colors 200 -type palette" BMP3:
magick bmp-palette4.bmp "base.png -colors 14 -type palette" BMP3:
magick bmp-runs.bmp "base.png -posterize 3 -colors 27 -type palette -compress RLE" BMP3:
magick bmp-1bit.bmp "grey.png -monochrome" BMP3:
magick bmp-565.bmp "base.png -define bmp:subtype=RGB565"
# TGA
magick tga.tga base.png
magick tga-runs.tga "base.png -posterize 4 -compress RLE"
magick tga-alpha.tga alpha.png
magick tga-grey.tga grey.png
magick tga-palette.tga "base.png -colors 100 -type palette"
# Netpbm
magick pnm-rgb.ppm base.png
magick pnm-text.ppm "base.png -compress none"
magick pnm-16.ppm "base16.png -depth 16"
magick pnm-grey.pgm grey.png
magick pnm-bits.pbm "grey.png -monochrome"
magick pnm-text-bits.pbm "grey.png -monochrome -compress none"
magick pnm-alpha.pam alpha.png
magick pnm-real.pfm base.png
# TIFF
magick tif.tif "base.png -compress none"
magick tif-lzw.tif "base.png -compress LZW"
magick tif-zip.tif "base.png -compress Zip"
magick tif-packbits.tif "base.png -compress RLE"
magick tif-jpeg.tif "base.png -compress JPEG -quality 92"
magick tif-fax.tif "grey.png -monochrome -compress Group4"
magick tif-16.tif base16.png
magick tif-float.tif "base.png -define quantum:format=floating-point -depth 32"
magick tif-palette.tif "base.png -colors 90 -type palette"
magick tif-grey.tif grey.png
magick tif-white-is-zero.tif "grey.png -define quantum:polarity=min-is-white"
magick tif-cmyk.tif "base.png -colorspace CMYK"
magick tif-alpha.tif "alpha.png -compress Zip"
magick tif-planes.tif "base.png -interlace plane -compress LZW"
magick tif-tiles.tif "base.png -define tiff:tile-geometry=64x48 -compress Zip"
magick tif-big-endian.tif "base.png -define tiff:endian=msb -depth 16"
make tif-pyramid.tif 'vips tiffsave base.png $out --tile --pyramid --compression deflate'
make tif-vips-webp.tif 'vips tiffsave base.png $out --compression lzw --predictor horizontal'
# WebP
make webp-lossy.webp 'cwebp -quiet -q 80 base.png -o $out'
make webp-lossless.webp 'cwebp -quiet -lossless base.png -o $out'
make webp-alpha.webp 'cwebp -quiet -q 85 -alpha_q 90 alpha.png -o $out'
make webp-vips.webp 'vips webpsave base.png $out --near-lossless --Q 60'
# HEIC and AVIF
make heic.heic 'heif-enc -q 80 base.png -o $out'
make heic-10bit.heic 'heif-enc -q 90 -b 10 base16.png -o $out'
make heic-alpha.heic 'heif-enc -q 90 alpha.png -o $out'
# As large as those of phones: more than what the header of another format may cost.
make heic-large.heic 'convert base.png -resize 400% -seed 1 +noise Gaussian large.png && heif-enc -q 95 large.png -o $out &&
    [ "$(wc -c <$out)" -gt 200000 ]'
make heif-avif.avif 'heif-enc -A -q 80 base.png -o $out'
make avif-444.avif 'avifenc -s 8 -y 444 --min 10 --max 20 base.png $out'
make avif-420.avif 'avifenc -s 8 -y 420 --min 10 --max 20 base.png $out'
make avif-10bit.avif 'avifenc -s 8 -y 444 -d 10 --min 5 --max 10 base16.png $out'
make avif-lossless.avif 'avifenc -s 8 -l base.png $out'
make avif-alpha.avif 'avifenc -s 8 -y 444 --min 5 --max 10 alpha.png $out'
make avif-turned.avif 'avifenc -s 8 -y 444 --min 5 --max 10 --irot 1 base.png $out'
make avif-mirrored.avif 'avifenc -s 8 -y 444 --min 5 --max 10 --imir 0 base.png $out'
# Orientation
for i in 2 3 4 5 6 7 8; do
    make "turned-$i.jpg" "convert base.png -quality 92 \$out && exiftool -q -overwrite_original -Orientation#=$i \$out"
done
make turned-png.png 'cp base.png $out && exiftool -q -overwrite_original -Orientation#=6 $out'
make turned-tif.tif 'convert base.png $out && exiftool -q -overwrite_original -Orientation#=8 $out'
make turned-webp.webp 'cwebp -quiet -lossless base.png -o $out && exiftool -q -overwrite_original -Orientation#=6 $out'

# ---- what others make of them -------------------------------------------------------------------

# The decoder of the format's own project where there is one; ImageMagick for the rest.
refer() { # NAME
    local to=reference/$1.png
    case $1 in
    avif-420.avif | heif-avif.avif | *.heic) heif-convert "made/$1" "$to" ;; # whose upsampling is ours
    # avifdec leaves them as they are stored; turned anticlockwise, top and bottom exchanged.
    avif-turned.avif) avifdec "made/$1" "$to" && convert "$to" -rotate -90 "$to" ;;
    avif-mirrored.avif) avifdec "made/$1" "$to" && convert "$to" -flip "$to" ;;
    *.avif) avifdec "made/$1" "$to" ;;
    turned-webp.webp) dwebp -quiet "made/$1" -o "$to" && convert "$to" -rotate 90 "$to" ;;
    turned-png.png) convert base.png -rotate 90 "$to" ;;
    *.webp) dwebp -quiet "made/$1" -o "$to" ;;
    *) convert "made/$1[0]" -auto-orient -colorspace sRGB "PNG32:$to" ;;
    esac >"$1.log" 2>&1
}

"$nst" -q -c made -s base.png -o out -S full -n 0 --scales 1 -j 1 2>errors
compared=0 bad=0
for file in made/*; do
    name=${file#made/}
    result=out/${name%.*}.png
    if ! refer "$name" || [ ! -s "reference/$name.png" ]; then
        echo "SKIP: $name: no other decoder reads it: $(head -n 1 "$name.log")"
        continue
    fi
    if [ ! -e "$result" ]; then
        why=$(grep -F "made/$name" errors | head -n 1)
        case $why in
        *'built without'* | *'has no decoder'*) echo "SKIP: $why" ;;
        *)
            echo "FAIL $name: $why"
            bad=$((bad + 1))
            ;;
        esac
        continue
    fi
    compared=$((compared + 1))
    worst=$("$nst" compare --json "reference/$name.png" "$result" 2>&1 |
        sed -n 's/.*"largest-difference":[[:space:]]*\([0-9]*\).*/\1/p')
    if [ -z "$worst" ] || [ "$worst" -gt 2 ]; then
        echo "FAIL $name: differs by ${worst:-its size} of 255"
        bad=$((bad + 1))
    fi
done
echo "$count pictures made, $compared compared, $bad differ"
[ "$bad" -eq 0 ] && [ "$compared" -ge 40 ]
