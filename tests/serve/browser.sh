#!/usr/bin/env bash
# The server's page in a real Chromium, by its debugging protocol: browser.py.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck source=lib.sh
. "$here/lib.sh"
browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    { echo "SKIP: all: there is no Chromium"; exit 0; }
/usr/bin/python3 -c 'import websocket' 2>/dev/null || { echo "SKIP: all: python3-websocket is not installed"; exit 0; }
picture 320 240 1 >photo.ppm
picture 200 200 2 >style.ppm
start --folder kept
timeout 900 /usr/bin/python3 "$here/browser.py" "$browser" "$at" "$NST"
