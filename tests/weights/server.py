#!/usr/bin/env python3
"""A web server on the loopback interface that misbehaves in one way per path.

    server.py FILE LOG PORT_FILE

Serves FILE as
    /whole      as one should: length, ranges
    /broken     likewise, but hangs up after a third of FILE, each time
    /stuck      likewise, but says no more after a third
    /slow       in five pieces with pauses
    /norange    from the beginning, whatever was asked for
    /norange-broken   likewise, and hangs up after a third
    /cut        half of it, with no length that would tell
    /wrong      as many other bytes
    /redirect   302 to /whole
    /loop       302 to /loop
    /page       a web page, 200
    /busy       503
and 404 elsewhere; also as a proxy, of whatever host. LOG gets a line for each request: path, Range or -.
"""

import http.server
import os
import sys
import time
import urllib.parse

FILE, LOG, PORT_FILE = sys.argv[1:4]
with open(FILE, "rb") as file:
    DATA = file.read()
THIRD = len(DATA) // 3


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.close_connection = True
        name = urllib.parse.urlsplit(self.path).path.lstrip("/")
        with open(LOG, "a") as log:
            log.write(f"{name} {self.headers.get('Range', '-')}\n")
        if name in ("redirect", "loop"):
            self.send_response(302)
            self.send_header("Location", "/loop" if name == "loop" else "/whole")
            self.send_header("Content-Length", "0")
            self.send_header("Connection", "close")
            self.end_headers()
        elif name == "page":
            self.answer(b"<!DOCTYPE html><title>Sign in</title>")
        elif name == "busy":
            self.send_error(503)
        elif name == "cut":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(DATA[: len(DATA) // 2])
        elif name == "wrong":
            self.answer(bytes(len(DATA)))
        elif name == "norange":
            self.answer(DATA)
        elif name == "norange-broken":
            self.answer(DATA, most=THIRD)
        elif name in ("whole", "broken", "stuck", "slow"):
            self.answer_range(name)
        else:
            self.send_error(404)

    def answer(self, data, status=200, headers=(), most=None, name=""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Connection", "close")
        for header in headers:
            self.send_header(*header)
        self.end_headers()
        data = data[:most]
        pieces = 5 if name == "slow" else 1
        step = -(-len(data) // pieces)
        for i in range(pieces):
            self.wfile.write(data[i * step : (i + 1) * step])
            self.wfile.flush()
            if pieces > 1:
                time.sleep(0.2)
        if name == "stuck":
            self.connection.recv(1)  # until the client leaves

    def answer_range(self, name):
        asked = self.headers.get("Range")
        begin = int(asked.removeprefix("bytes=").split("-")[0]) if asked else 0
        if begin >= len(DATA):
            self.answer(b"", 416, [("Content-Range", f"bytes */{len(DATA)}")])
            return
        most = THIRD + 1 if name in ("broken", "stuck") else None
        headers = [("Accept-Ranges", "bytes")]
        if asked:
            headers.append(("Content-Range", f"bytes {begin}-{len(DATA) - 1}/{len(DATA)}"))
        self.answer(DATA[begin:], 206 if asked else 200, headers, most, name)

    def log_message(self, *arguments):
        pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # clients hang up


server = Server(("127.0.0.1", 0), Handler)
with open(PORT_FILE + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(PORT_FILE + ".new", PORT_FILE)
server.serve_forever()
