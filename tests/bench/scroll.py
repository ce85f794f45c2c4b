"""How a report of many pictures loads and scrolls in Chromium.

    scroll.py CHROMIUM REPORT...      pages that nst --report wrote

Prints for each page its size, the seconds until something is seen and until it is loaded. Then it scrolls
down by 120 pixels a frame, for at most 600 frames, on a wide screen and on a phone, and prints the median
time between two frames, the longest, how many took more than 50 ms, and the memory of the tab. Chromium
draws with the processor.
"""

import os
import re
import statistics
import sys
import time

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "..", "serve"))
from browser import Page  # noqa: E402

SCROLL = """new Promise(done => {
    const times = [];
    let last = performance.now();
    scrollTo(0, 0);
    const step = now => {
        times.push(now - last);
        last = now;
        const end = document.documentElement.scrollHeight - 1;
        if (times.length > 600 || scrollY + innerHeight >= end) return done(times.slice(1));
        scrollBy({top: 120, behavior: "instant"});
        requestAnimationFrame(step);
    };
    requestAnimationFrame(now => { last = now; requestAnimationFrame(step); });
})"""


def memory_of_tabs(process):
    """Megabytes resident in the largest of the browser's processes."""
    largest = 0
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/cmdline", "rb") as file:
                words = file.read()
            if b"--type=renderer" not in words or process.profile.name.encode() not in words:
                continue
            with open(f"/proc/{pid}/status") as file:
                kilobytes = int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))
            largest = max(largest, kilobytes / 1000)
        except (OSError, AttributeError):
            continue
    return largest


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    for path in sys.argv[2:]:
        for width, height in ((1280, 900), (390, 844)):
            page = Page(sys.argv[1], "about:blank")
            page.send("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=1 if width > 500 else 2, mobile=width < 500)
            begun = time.monotonic()
            page.send("Page.navigate", url="file://" + os.path.abspath(path))
            page.wait("location.protocol === 'file:' && document.readyState === 'complete'",
                      "the page does not load")
            loaded = time.monotonic() - begun
            first = page.run("performance.getEntriesByName('first-contentful-paint')[0]?.startTime / 1000")
            frames = page.run(SCROLL) or [float("nan")]
            size, tab = os.path.getsize(path) / 1e6, memory_of_tabs(page)
            print(f"{os.path.basename(path)}: {size:.1f} MB, {width} wide: seen after "
                  f"{first or float('nan'):.1f} s, loaded after {loaded:.1f} s; {len(frames)} frames: "
                  f"median {statistics.median(frames):.0f} ms, longest {max(frames):.0f} ms, "
                  f"{sum(f > 50 for f in frames)} of more than 50 ms; {tab:.0f} MB", flush=True)
            page.close()


if __name__ == "__main__":
    main()
