#!/usr/bin/env bash
# Makes packages in a fresh Debian, then installs, uses and removes them in others, where nothing else is
# installed. Root is needed; each system takes some minutes.
#
#     tests/package/debian.sh deb bookworm trixie                # built in the first
#     tests/package/debian.sh tarball bullseye bookworm trixie
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$(readlink -f "$0")")/../../scripts/lib.sh"
if [ $# -lt 2 ] || { [ "$1" != deb ] && [ "$1" != tarball ]; }; then
    say "usage: tests/package/debian.sh deb|tarball RELEASE..."
    exit 2
fi
kind=$1
shift
install_missing libheif-examples
share=$(mktemp -d)
trap 'rm -rf "$share"' EXIT
export NST_DEBIAN_SHARE=$share
heif-enc -q 80 "$root/images/harbour.jpg" -o "$share/photo.heic" >/dev/null
cp "$root/images/harbour.jpg" "$share/photo.jpg"

say "== $kind made in $1"
"$root/tests/debian.sh" "$1" scripts/package "$kind" /share
failed=0
for release in "$@"; do
    say "== $kind used in $release"
    "$root/tests/debian.sh" "$release" tests/package/inside.sh "$kind" || failed=1
done
[ "$failed" -eq 0 ] && say "$kind: used and removed in $*"
exit "$failed"
