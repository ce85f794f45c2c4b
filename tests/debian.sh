#!/usr/bin/env bash
# Runs a command of this project in a fresh Debian: a minimal system made by debootstrap in a temporary
# folder, with a copy of the tracked files. Root is needed for the system's folders.
#
#     tests/debian.sh RELEASE COMMAND [ARGUMENT...]
#
# NST_DEBIAN_MIRROR names another mirror than deb.debian.org. NST_DEBIAN_SHARE is a folder that the
# command finds as /share.
set -eu
# shellcheck source=scripts/lib.sh
. "$(dirname "$(readlink -f "$0")")/../scripts/lib.sh"
release=$1
shift
[ "$(id -u)" -eq 0 ] || { say "A fresh Debian needs root: run this by sudo."; exit 1; }
install_missing debootstrap

system=$(mktemp -d /var/tmp/nst-debian-XXXXXX)
chmod 755 "$system" # its root folder: tests by other users pass through it
leave() {
    for folder in share proc dev/pts dev; do
        ! mountpoint -q "$system/$folder" || umount -l "$system/$folder"
    done
    rm -rf --one-file-system "$system"
}
trap leave EXIT

say "Making a Debian $release in $system ..."
if ! debootstrap --variant=minbase --include=ca-certificates,git "$release" "$system" \
    "${NST_DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$system.log" 2>&1; then
    tail -n 20 "$system.log" >&2
    rm -f "$system.log"
    exit 1
fi
rm -f "$system.log"
mount -t proc proc "$system/proc"
mount --rbind /dev "$system/dev"
mount --make-rslave "$system/dev"
# The new system reaches package servers as this machine does.
cp -L /etc/resolv.conf "$system/etc/resolv.conf" 2>/dev/null || true
cp /etc/hosts "$system/etc/hosts"
grep -rhi proxy /etc/apt/apt.conf.d >"$system/etc/apt/apt.conf.d/90proxy" 2>/dev/null || true

if [ -n "${NST_DEBIAN_SHARE-}" ]; then
    mkdir "$system/share"
    mount --bind "$NST_DEBIAN_SHARE" "$system/share"
fi

mkdir "$system/nst"
git -C "$root" ls-files -z | tar -C "$root" --null -T - -cf - | tar -C "$system/nst" -xf -
chroot "$system" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 CI="${CI-}" \
    sh -c 'cd /nst && exec "$@"' sh "$@"
