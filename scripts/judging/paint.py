"""Painting, once: what is there already is not painted again."""

import concurrent.futures
import json
import os
import sys
import threading

from judging.grid import Point
from judging.run import digest_of_command, run


class Painter:
    def __init__(self, cache, size, vary, jobs, threads):
        """vary is the option whose values make a curve, or None."""
        self.cache, self.size, self.vary = cache, size, vary
        self.jobs, self.threads = jobs, threads
        os.makedirs(cache, exist_ok=True)

    def paint(self, pair, setting, value=""):
        """value is that of the option varied, "" for none."""
        return self._paint(pair, setting, value, ["--" + self.vary, value] if value else [])

    def paint_at(self, pair, setting, weight):
        """By a content weight, whatever is varied and the setting says."""
        return self._paint(pair, setting, weight, ["--content-weight", weight])

    def _paint(self, pair, setting, value, last):
        # The last of an option counts. A user may have chosen another network than the bundled one.
        words = [setting.program, "-q", "-S", str(self.size), "-w", "bundled", "-c", pair.photo,
                 "-s", pair.painting, *setting.options, *last]
        # The number of threads does not change a picture, and so is no part of its name.
        base = os.path.join(self.cache, digest_of_command(words))
        picture, note = base + ".png", base + ".json"
        if not (os.path.exists(picture) and os.path.exists(note)):
            half = f"{base}.{threading.get_ident()}.part"  # two settings may be one command
            _, wall, cpu = run([*words, "-j", str(self.threads), "-o", half + ".png"])
            os.replace(half + ".png", picture)
            with open(half, "w", encoding="utf-8") as file:
                json.dump({"command": words, "wall": wall, "cpu": cpu}, file)
            os.replace(half, note)
            print(f"{pair.name} {setting.name} {value}: {wall:.1f} s, {cpu:.1f} s of processor",
                  file=sys.stderr, flush=True)
        with open(note, encoding="utf-8") as file:
            spent = json.load(file)
        return Point(pair, setting.name, value, picture, spent["wall"], spent["cpu"])

    def paint_all(self, tasks):
        """tasks: (pair, setting, value)s."""
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            futures = [pool.submit(self.paint, *task) for task in tasks]
            try:
                return [future.result() for future in futures]
            except BaseException:
                for future in futures:
                    future.cancel()
                raise
