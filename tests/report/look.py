"""Opens a page of --report in Chromium by its debugging protocol and looks at it.

    look.py CHROMIUM WIDTH PAGE [CHECKS]

prints the class of the document, a line "message: ..." for everything that the browser complains of, and
what the checks, a script that comes to an array of lines, find from inside. Where there are checks, the
cards lie far below the window at first.
"""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "serve"))
from browser import Page  # noqa: E402

FAR_BELOW = """new MutationObserver(() => {
    const main = document.querySelector("main");
    if (main && !main.style.paddingTop) main.style.paddingTop = "30000px";
}).observe(document, {childList: true, subtree: true})"""


def main():
    browser, width, path, *checks = sys.argv[1:]
    page = Page(browser, "about:blank")
    page.send("Emulation.setDeviceMetricsOverride", width=int(width), height=900, deviceScaleFactor=1, mobile=False)
    if checks:
        page.send("Page.addScriptToEvaluateOnNewDocument", source=FAR_BELOW)
    page.send("Page.navigate", url="file://" + os.path.abspath(path))
    page.wait("location.protocol === 'file:' && document.readyState === 'complete'", "the page does not load")
    print("class:", page.run("document.documentElement.className"))
    if checks:
        with open(checks[0], encoding="utf-8") as file:
            lines = page.run(file.read())
        print("\n".join(lines))
    for problem in page.problems:
        print("message:", json.dumps(problem))
    page.close()


if __name__ == "__main__":
    main()
