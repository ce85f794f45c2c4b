"""How soon the page of `nst serve` shows a picture, and what watching costs a run.

    page.py NST CHROMIUM [ROUNDS]

first   from opening the page in Chromium to its first preview and to the whole picture, with the photo
        images/harbour.jpg and what the page begins with
cost    the same run in turn with nobody watching, followed by a client of the interface that reads
        events and previews, and shown by the page in Chromium; medians of the seconds that the server
        gives for it

Chromium runs on the same machine, so that the page's own drawing counts too.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "serve"))
from browser import Page  # noqa: E402

PHOTO = os.path.join(here, "..", "..", "images", "harbour.jpg")
RUN = {"styles": [{"name": "oil"}], "options": {"size": 512, "iterations": 60, "scales": 1}}


class Server:
    def __init__(self, nst):
        self.folder = tempfile.TemporaryDirectory()
        self.process = subprocess.Popen([nst, "serve", "--port", "0", "--folder", self.folder.name], stderr=subprocess.PIPE, text=True)
        found = re.search(r"serves (http://[^/]*)/", self.process.stderr.readline())
        if not found:
            sys.exit("the server did not start")
        self.address = found.group(1)

    def call(self, path, body=None, kind="application/json"):
        request = urllib.request.Request(self.address + path, data=body, headers={"Content-Type": kind} if body else {})
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def end(self, run):
        while run["state"] in ("queued", "running"):
            time.sleep(0.2)
            run = self.call("/api/runs/" + run["id"])
        if run["state"] != "done":
            sys.exit(f"the run is {run}")
        return run["seconds"]

    def close(self):
        self.process.terminate()
        self.process.wait()


def first(server, chromium):
    page = Page(chromium, "about:blank")
    begun = time.monotonic()
    page.send("Page.navigate", url=server.address + "/")
    page.wait("document.getElementById('state')?.textContent.startsWith('Ready')", "the page does not get ready")
    ready = time.monotonic() - begun
    page.choose("#photo-file", PHOTO)
    page.wait("photo && document.getElementById('photo-view').naturalWidth > 0", "the photo is not shown")
    page.run("document.getElementById('form').requestSubmit()")
    page.wait("document.getElementById('result').src.startsWith('data:')", "no preview")
    preview = time.monotonic() - begun
    page.wait("document.getElementById('result').src.includes('/result')", "no result")
    whole = time.monotonic() - begun
    what = page.run("document.getElementById('settings').textContent")
    page.close()
    return ready, preview, whole, what


def follow(address, run):
    with urllib.request.urlopen(f"{address}/api/runs/{run}/events") as answer:
        follow.previews = sum(line.startswith(b"event: preview") for line in answer)


def cost(server, page, rounds):
    photo = server.call("/api/pictures", open(PHOTO, "rb").read(), "application/octet-stream")["id"]
    body = json.dumps({**RUN, "photo": photo})
    seconds = {"nobody": [], "a client": [], "the page": []}
    previews = []
    for number in range(rounds + 1):
        for watcher in seconds:
            if watcher == "the page":
                run = page.run(f"call('runs', {{method: 'POST', headers: {{'Content-Type': 'application/json'}}, body: {json.dumps(body)}}})"
                               ".then(run => { remember(run); show(run); return run; })")
            else:
                run = server.call("/api/runs", body.encode())
            if watcher == "a client":
                thread = threading.Thread(target=follow, args=(server.address, run["id"]))
                thread.start()
            taken = server.end(run)
            if watcher == "a client":
                thread.join()
                previews.append(follow.previews)
            if number > 0:  # the first is a warm-up
                seconds[watcher].append(taken)
    return {watcher: statistics.median(taken) for watcher, taken in seconds.items()}, statistics.median(previews)


def main():
    nst, chromium = sys.argv[1:3]
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 7
    for _ in range(2):
        server = Server(nst)  # a new one: the page shows the last run of its server again
        ready, preview, whole, what = first(server, chromium)
        server.close()
        print(f"from opening the page ({what}): ready {ready:.1f} s, first preview {preview:.1f} s, picture {whole:.1f} s")
    server = Server(nst)
    page = Page(chromium, server.address + "/")
    page.wait("document.getElementById('state')?.textContent.startsWith('Ready')", "the page does not get ready")
    medians, previews = cost(server, page, rounds)
    page.close()
    server.close()
    for watcher, taken in medians.items():
        print(f"watched by {watcher:8}: {taken:.2f} s, {100 * (taken / medians['nobody'] - 1):+.1f} %")
    print(f"{previews:.0f} previews in a run, {rounds} rounds")


if __name__ == "__main__":
    main()
