#!/usr/bin/env bash
# Many clients, slow clients, cut uploads and wrong requests (load.py), and a client that knows only the
# OpenAPI description (openapi.py).
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
command -v python3 >/dev/null || { echo "SKIP: all: python3 is not installed"; exit 0; }
# The address sanitizer keeps freed blocks for a while: as few as possible, since memory is measured.
export ASAN_OPTIONS=quarantine_size_mb=1:thread_local_quarantine_size_kb=64:${ASAN_OPTIONS-}
start --folder kept -j 1
python3 "$here/load.py" "$at" "$server" kept "${NST_LOAD_REQUESTS:-2000}" || fail 'under load'
picture 64 48 1 >photo.ppm
picture 48 48 2 >style.ppm
python3 "$here/openapi.py" "$at" photo.ppm style.ppm out.png || fail 'by the description alone'
"$NST" compare out.png out.png >/dev/null || fail 'what came out is no picture'
