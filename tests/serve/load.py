"""What crowds and attackers send to `nst serve`, to this machine's loopback address alone, counted
and bounded: many requests, 50 clients at once, slow ones, cut uploads, heads that are too large,
bytes that are no HTTP. Afterwards the server answers, and has no more memory, descriptors and files
than before.

    load.py ADDRESS PID FOLDER REQUESTS
"""

import http.client
import os
import random
import socket
import sys
import threading
import time
import urllib.parse

LIMIT = 300


def memory(pid):
    """Bytes that are not shared, in KiB."""
    with open(f"/proc/{pid}/status") as file:
        return int(next(line for line in file if line.startswith("RssAnon")).split()[1])


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def connect(where):
    return socket.create_connection((where.hostname, where.port), timeout=LIMIT)


def drain(connection):
    try:
        while connection.recv(65536):
            pass
    except OSError:
        pass
    connection.close()


def ask(where, count, results):
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=LIMIT)
    paths = ["/", "/api/health", "/api/options", "/api/runs", "/api/styles", "/nothing", "/api/runs/" + "0" * 32]
    for i in range(count):
        connection.request("GET", paths[i % len(paths)])
        answer = connection.getresponse()
        answer.read()
        results.append(answer.status)
    connection.close()


def together(functions):
    threads = [threading.Thread(target=f) for f in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LIMIT * 5)
        if thread.is_alive():
            sys.exit("FAIL: a client hangs")


def cut_upload(where, seed):
    connection = connect(where)
    head = f"POST /api/pictures HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Type: image/png\r\nContent-Length: 1000000\r\n\r\n"
    connection.sendall(head.encode() + random.Random(seed).randbytes(5000 + 1000 * seed))
    connection.close()


def cut_form(where, seed):
    connection = connect(where)
    body = b"--bb\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"../../x\"\r\n\r\n" + b"y" * 3000
    head = (f"POST /api/runs HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Type: multipart/form-data; boundary=bb\r\n"
            "Content-Length: 100000\r\n\r\n")
    connection.sendall(head.encode() + body[:200 + 50 * seed])
    connection.close()


def form_in_bytes(where):
    """A form that comes byte by byte says the same as one in a piece."""
    connection = connect(where)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    body = "--bb\r\nContent-Disposition: form-data; name=\"photo\"\r\n\r\n" + "0" * 32 + "\r\n--bb--\r\n"
    head = (f"POST /api/runs HTTP/1.1\r\nHost: {where.netloc}\r\nContent-Type: multipart/form-data; boundary=bb\r\n"
            f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n")
    connection.sendall(head.encode())
    for byte in body.encode():
        connection.sendall(bytes([byte]))
        time.sleep(0.001)
    answer = b""
    while piece := connection.recv(65536):
        answer += piece
    connection.close()
    if b"there is no picture" not in answer:
        sys.exit(f"FAIL: a form in single bytes: {answer}")


def garbage(where, seed):
    connection = connect(where)
    chance = random.Random(seed)
    texts = [chance.randbytes(3000), b"GET / HTTP/1.1\r\nHost: " + where.netloc.encode() + b"\r\nX: " + b"a" * 100000 + b"\r\n\r\n",
             b"GET /" + b"a" * 50000 + b" HTTP/1.1\r\n\r\n", b"POST /api/runs HTTP/1.1\r\nContent-Length: -5\r\n\r\n{}",
             b"POST /api/runs HTTP/1.1\r\nHost: " + where.netloc.encode() + b"\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
             b"\x16\x03\x01\x02\x00" + chance.randbytes(200)]
    try:
        connection.sendall(texts[seed % len(texts)])
        connection.shutdown(socket.SHUT_WR)
    except OSError:
        pass
    drain(connection)


def main():
    where, pid, folder, requests = urllib.parse.urlparse(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])
    results = []
    ask(where, 100, results)
    time.sleep(0.5)
    before = memory(pid), descriptors(pid)

    begun = time.monotonic()
    together([lambda: ask(where, requests // 50, results) for _ in range(50)])
    seconds = time.monotonic() - begun
    expected = {200, 404}
    if set(results) - expected or len(results) != 100 + requests // 50 * 50:
        sys.exit(f"FAIL: {len(results)} answers, {set(results)}")

    # Slow clients hold their connections while others are answered.
    slow = [connect(where) for _ in range(50)]
    for connection in slow:
        connection.sendall(b"GET /api/health HTTP/1.1\r\nHost: x")
    begun = time.monotonic()
    ask(where, 50, results)
    beside = (time.monotonic() - begun) / 50
    for connection in slow:
        connection.close()

    form_in_bytes(where)
    together([lambda seed=seed: cut_upload(where, seed) for seed in range(50)])
    together([lambda seed=seed: cut_form(where, seed) for seed in range(50)])
    together([lambda seed=seed: garbage(where, seed) for seed in range(60)])

    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        after, left = (memory(pid), descriptors(pid)), [name for name in os.listdir(folder + "/pictures")]
        if after[1] <= before[1] + 1 and not left:
            break
        time.sleep(0.2)
    ask(where, 10, results)
    print(f"{requests} requests of 50 clients: {requests / seconds:.0f} a second; beside 50 slow ones an answer takes "
          f"{1000 * beside:.1f} ms; memory {before[0]} -> {after[0]} KiB, descriptors {before[1]} -> {after[1]}")
    if left or after[1] > before[1] + 1 or after[0] > before[0] + 32 * 1024:
        sys.exit(f"FAIL: left over: {left[:3]}, memory or descriptors grew")


if __name__ == "__main__":
    main()
