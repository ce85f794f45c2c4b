#!/usr/bin/env bash
# Metadata of a photo in the results, as exiftool reads it: kept, put right, without positions, or
# none; from each kind of file into each kind.
set -u
. "$(dirname "$0")/lib.sh"
need "libimage-exiftool-perl imagemagick" exiftool convert
bad=0
complain() {
    echo "FAIL $*"
    bad=$((bad + 1))
}
# written FORMAT NAME: whether this nst writes it; libheif's encoder may be a package that is not installed
written() {
    "$nst" --version | grep -qiE "^$1 +read and written" || return
    ! "$nst" -q -c plain.jpg -s plain.jpg -o "try.$2" -S 48 -n 0 --scales 1 2>&1 | grep 'cannot be written here: '
}

# read FILE: what exiftool says of it, once; its lines are "[group] tag : value"
read_tags() { [ -e "$1.txt" ] || exiftool -q -q -a -G1 -s -all -validate -warning -error "$1" >"$1.txt" 2>&1; }
# value FILE GROUP:TAG: the value, "" for nothing; GROUP:all is the first of any
value() {
    local tag=${2#*:}
    read_tags "$1"
    [ "$tag" = all ] && tag='[^ ]*'
    sed -nE "s/^\[${2%%:*}\] +$tag +: (.*)/\1/p" "$1.txt" | head -n 1
}
# has FILE TAG EXPECTED
has() {
    local got
    got=$(value "$1" "$2")
    [ "$got" = "$3" ] || complain "$1: $2 is '$got', expected '$3'"
}
hasnt() { [ -z "$(value "$1" "$2")" ] || complain "$1: has $2: $(value "$1" "$2")"; }

# A photo as a camera leaves it: turned, with a thumbnail, a position, and what its owner wrote.
convert -size 96x64 plasma:red-blue -quality 92 plain.jpg
convert plain.jpg -resize 32x thumbnail.jpg
cp plain.jpg photo.jpg
tags=(-IFD0:Orientation#=6 -IFD0:Make=Acme -IFD0:Model=X100 -IFD0:Copyright='(c) Ann' -IFD0:Artist=Ann
    -ExifIFD:DateTimeOriginal='2024:05:06 07:08:09' -ExifIFD:ExifImageWidth=96
    -ExifIFD:ExifImageHeight=64 -ExifIFD:ColorSpace#=65535 -ExifIFD:FNumber=2.8
    -GPS:GPSLatitude=48.5 -GPS:GPSLatitudeRef=N -GPS:GPSLongitude=9.125 -GPS:GPSLongitudeRef=E
    -XMP-dc:Rights='(c) Ann' -XMP-dc:Creator=Ann -XMP-xmp:Rating=4 -XMP-tiff:Orientation#=6
    -XMP-exif:GPSLatitude=48.5 -XMP-exif:GPSLongitude=9.125 -XMP-exif:ExifImageWidth=96)
iptc=(-IPTC:Headline=Hello -IPTC:City=Ulm -IPTC:CopyrightNotice='(c) Ann')
exiftool -q -overwrite_original "${tags[@]}" "${iptc[@]}" photo.jpg ||
    complain "exiftool could not write photo.jpg"
exiftool -q -overwrite_original '-ThumbnailImage<=thumbnail.jpg' photo.jpg ||
    complain "exiftool could not write a thumbnail"
exiftool -q -overwrite_original -XMP-xmp:Rating=4 -XMP-tiff:Make=Acme photo.jpg

paint() { # PHOTO RESULT OPTIONS...
    local photo=$1 result=$2
    shift 2
    "$nst" -q -c "$photo" -s plain.jpg -o "$result" -S 48 -n 0 --scales 1 "$@" ||
        complain "$result: nst failed"
}

# check_kept RESULT WITH_IPTC: what was written by hand is there, what has become wrong is right
check_kept() {
    has "$1" IFD0:Make Acme
    has "$1" IFD0:Copyright '(c) Ann'
    has "$1" IFD0:Artist Ann
    has "$1" IFD0:Orientation 'Horizontal (normal)'
    has "$1" ExifIFD:DateTimeOriginal '2024:05:06 07:08:09'
    has "$1" ExifIFD:FNumber 2.8
    has "$1" ExifIFD:ExifImageWidth 32
    has "$1" ExifIFD:ExifImageHeight 48
    has "$1" ExifIFD:ColorSpace sRGB
    has "$1" XMP-dc:Rights '(c) Ann'
    has "$1" XMP-dc:Creator Ann
    has "$1" XMP-xmp:Rating 4
    hasnt "$1" XMP-tiff:Orientation
    hasnt "$1" XMP-exif:ExifImageWidth
    hasnt "$1" IFD1:all
    if $2; then
        has "$1" IPTC:Headline Hello
        has "$1" IPTC:CopyrightNotice '(c) Ann'
    fi
    # Of the photo itself it says that some tags are missing or in odd places.
    local warning
    warning=$(sed -nE 's/^\[ExifTool\] +(Warning|Error) +: //p' "$1.txt" |
        grep -viE 'minor|Missing required|not allowed in|should be|Non-standard|tag 0x0103 Compression' || true)
    [ -z "$warning" ] || complain "$1: exiftool warns: $warning"
}

for format in jpg png webp tif avif; do
    name=$format
    [ $format = jpg ] && name=jpeg
    [ $format = tif ] && name=tiff
    if ! written $name $format; then
        echo "SKIP: $format is not written by this nst"
        continue
    fi
    iptc_there=true
    case $format in webp | avif) iptc_there=false ;; esac
    paint photo.jpg keep.$format
    check_kept keep.$format $iptc_there
    has keep.$format GPS:GPSLatitude "48 deg 30' 0.00\""
    has keep.$format XMP-exif:GPSLongitude "9 deg 7' 30.00\" E"
    paint photo.jpg no-gps.$format --metadata no-gps
    check_kept no-gps.$format $iptc_there
    hasnt no-gps.$format GPS:all
    hasnt no-gps.$format XMP-exif:all
    grep -qa GPS no-gps.$format && complain "no-gps.$format: the word GPS is in it"
    paint photo.jpg none.$format --metadata none
    hasnt none.$format ExifIFD:all
    hasnt none.$format IFD0:Make
    hasnt none.$format XMP:all
    hasnt none.$format IPTC:all
    case $format in
    jpg | webp | tif) has keep.$format ICC_Profile:ProfileDescription sRGB ;;
    png) has keep.png PNG:SRGBRendering Perceptual ;;
    esac
    # From that kind again: a second round keeps what the first kept.
    paint keep.$format again-$format.jpg
    check_kept again-$format.jpg $iptc_there
    has again-$format.jpg GPS:GPSLatitude "48 deg 30' 0.00\""
done

# A PNG's own texts, there and as EXIF elsewhere.
convert plain.jpg -strip text.png
exiftool -q -overwrite_original -PNG:Copyright='(c) Bob' -PNG:Author=Bob text.png
paint text.png text-out.png
has text-out.png PNG:Copyright '(c) Bob'
paint text.png text-out.jpg
has text-out.jpg IFD0:Copyright '(c) Bob'
has text-out.jpg IFD0:Artist Bob

# A maker's note keeps its place, so that its offsets hold; thumbnails at the end are cut off.
exiftool -q -q -s3 -ThumbnailImage -b photo.jpg >there.jpg
[ -s there.jpg ] || complain "photo.jpg has no thumbnail to be removed"

# Times.
touch -d '2020-02-03 04:05:06' photo.jpg
paint photo.jpg timed.png --preserve-times
[ "$(stat -c %Y timed.png)" = "$(stat -c %Y photo.jpg)" ] || complain "timed.png: not the photo's time"
paint photo.jpg untimed.png
[ "$(stat -c %Y untimed.png)" != "$(stat -c %Y photo.jpg)" ] || complain "untimed.png: the photo's time"

[ "$bad" -eq 0 ] && echo "metadata is kept, put right and removed as asked"
[ "$bad" -eq 0 ]
