"""Drives the page of `nst serve` in Chromium by its debugging protocol: upload, paint, watch the
preview change, stop, download, compare with the command line's result; by keyboard too.

    browser.py CHROMIUM ADDRESS NST [SCREENSHOTS]     photo.ppm and style.ppm lie in the folder
"""

import base64
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request

import websocket

LIMIT = 300  # seconds for anything to happen, on a busy machine too


class Page:
    """One tab."""

    def __init__(self, browser, address):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--remote-debugging-port=0", "--remote-allow-origins=*",
             "--user-data-dir=" + self.profile.name, "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        port = None
        for line in self.process.stderr:
            if "DevTools listening on" in line:
                port = line.rsplit(":", 1)[1].split("/")[0]
                break
        if port is None:
            print("SKIP: all: Chromium does not run here")
            sys.exit(0)
        tabs = json.load(urllib.request.urlopen(f"http://127.0.0.1:{port}/json"))
        tab = next(t for t in tabs if t["type"] == "page")
        self.socket = websocket.create_connection(tab["webSocketDebuggerUrl"], timeout=LIMIT)
        self.number, self.problems = 0, []
        for domain in ("Page", "Runtime", "Log", "DOM"):
            self.send(domain + ".enable")
        self.send("Page.navigate", url=address)

    def send(self, method, **parameters):
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("method") in ("Runtime.exceptionThrown", "Log.entryAdded"):
                self.problems.append(json.dumps(message["params"])[:400])
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]

    def run(self, script):
        answer = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(f"{script}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    def wait(self, script, what):
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            if self.run(script):
                return
            time.sleep(0.05)
        raise SystemExit(f"FAIL: {what}: {self.run('document.body.innerText')[:800]}")

    def choose(self, selector, path):
        root = self.send("DOM.getDocument")["root"]["nodeId"]
        node = self.send("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.send("DOM.setFileInputFiles", nodeId=node, files=[os.path.abspath(path)])

    def key(self, name, text=None):
        code = {"Tab": 9, "Enter": 13, " ": 32, "ArrowRight": 39, "ArrowDown": 40}[name]
        event = dict(key=name, windowsVirtualKeyCode=code)
        self.send("Input.dispatchKeyEvent", type="keyDown", text=text or "", **event)
        self.send("Input.dispatchKeyEvent", type="keyUp", **event)

    def shot(self, folder, name, width, height, dark=False):
        if not folder:
            return
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        time.sleep(0.5)
        data = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=True)["data"]
        with open(os.path.join(folder, name + ".png"), "wb") as file:
            file.write(base64.b64decode(data))

    def close(self):
        self.process.terminate()
        self.process.wait()


def check(condition, what):
    print(("ok " if condition else "FAIL ") + what)
    if not condition:
        check.failed = True


check.failed = False


def set_value(page, name, value):
    page.run(f"(() => {{ const e = document.getElementById('{name}'); e.value = '{value}'; "
             "e.dispatchEvent(new Event('input')); })()")


def main():
    browser, address, nst = sys.argv[1:4]
    shots = sys.argv[4] if len(sys.argv) > 4 else None
    page = Page(browser, address + "/")
    page.wait("document.getElementById('state')?.textContent.startsWith('Ready')", "the page does not get ready")

    # Upload and paint.
    page.run("for (const box of document.querySelectorAll('#styles input')) box.checked = false")
    page.choose("#photo-file", "photo.ppm")
    page.choose("#style-file", "style.ppm")
    page.wait("!document.getElementById('photo-view').hidden && document.getElementById('photo-view').naturalWidth > 0",
              "the photo is not shown")
    page.wait("[...document.querySelectorAll('#styles input')].some(box => box.checked)", "the own style is not chosen")
    set_value(page, "size", "256")
    set_value(page, "preset", "high")
    begun = time.monotonic()
    page.run("document.getElementById('form').requestSubmit()")
    page.wait("document.getElementById('result').src.startsWith('data:')", "no preview")
    first = page.run("document.getElementById('result').src")
    print(f"first preview after {time.monotonic() - begun:.1f} s")
    page.wait(f"document.getElementById('result').src !== {json.dumps(first)}", "the preview does not change")
    check(True, "the preview changes")
    check(page.run("!document.getElementById('progress').hidden && document.getElementById('progress').value > 0"), "progress is shown")
    page.shot(shots, "painting", 1280, 900)

    # Stop and keep.
    page.run("document.getElementById('stop').click()")
    page.wait("document.getElementById('result').src.includes('/result')", "stopping keeps no picture")
    check("Stopped" in page.run("document.getElementById('facts').textContent"), "a stopped run says so")

    # A whole run, by keyboard alone.
    set_value(page, "preset", "draft")
    set_value(page, "strength", "60")
    page.run("document.getElementById('paint').focus()")
    page.key("Enter", "\r")
    page.wait("document.querySelectorAll('#history li').length === 2", "the keyboard starts no run")
    page.wait("runs[0].state === 'done' && shown === runs[0].id", "the run does not end")
    page.wait("document.getElementById('result').src.includes(runs[0].id)", "the result is not shown")
    check(page.run("!document.getElementById('downloads').hidden"), "downloads are offered")
    for name in ("png", "record"):
        address_of = page.run(f"document.getElementById('download-{name}').href")
        with urllib.request.urlopen(address_of) as answer, open("download." + name, "wb") as file:
            file.write(answer.read())
    subprocess.run([nst, "-q", "--job", "download.record", "-o", "again.png"], check=True)
    with open("download.png", "rb") as a, open("again.png", "rb") as b:
        check(a.read() == b.read(), "the command line makes the same bytes of the record")

    # The slider, the history.
    page.run("document.getElementById('cut').focus()")
    page.key("ArrowRight")
    check(page.run("document.getElementById('compare').style.getPropertyValue('--cut')") == "1%", "the slider moves by keyboard")
    page.run("document.querySelector('#history li:last-child button').click()")
    page.wait("shown === runs[1].id && document.getElementById('result').src.includes(runs[1].id)", "history shows no earlier run")

    # Two results side by side; another run with one change.
    page.run("(() => { const e = document.getElementById('other'); e.value = runs[0].id; e.dispatchEvent(new Event('change')); })()")
    page.wait("document.getElementById('before').src.includes(runs[0].id) && document.getElementById('before').naturalWidth > 0",
              "two results are not compared")
    check(page.run("document.getElementById('cut').value") == "50", "both results are seen")
    page.run("document.getElementById('reuse').click()")
    check(page.run("document.getElementById('preset').value") == "high", "the settings of an earlier run come back")
    set_value(page, "preset", "draft")

    # A mask by keyboard: two regions.
    page.run("document.getElementById('regions').open = true; document.getElementById('mask').focus()")
    for _ in range(3):
        page.key("ArrowDown")
        page.key(" ", " ")
    check(page.run("painted"), "the mask is painted by keyboard")
    page.run("document.getElementById('paint').click()")
    page.wait("runs.length === 3 && runs[0].state === 'done'", "a run with a mask does not end")
    check(page.run("'mask' in runs[0]"), "the run has the mask")

    # What people with a screen reader or a phone need.
    check(page.run("[...document.querySelectorAll('input, select, button, canvas')].every(e => e.labels?.length || "
                   "e.textContent.trim() || e.getAttribute('aria-label'))"), "everything has a name")
    check(page.run("[...document.images].every(image => image.hasAttribute('alt'))"), "pictures have texts")
    for width in (1280, 390):
        page.send("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=width < 500)
        check(page.run("document.documentElement.scrollWidth <= innerWidth"), f"nothing sticks out at {width} pixels")
    page.run("document.getElementById('regions').open = false; scrollTo(0, 0)")
    page.shot(shots, "wide", 1280, 900)
    page.shot(shots, "wide-dark", 1280, 900, dark=True)
    page.shot(shots, "phone", 390, 844)
    page.shot(shots, "phone-dark", 390, 844, dark=True)
    check(not page.problems, "no messages: " + "; ".join(page.problems))
    page.close()
    return 1 if check.failed else 0


if __name__ == "__main__":
    sys.exit(main())
