"""The arithmetic of scripts/judge, by examples worked out by hand."""
import os
import sys
import tempfile
from types import SimpleNamespace

import numpy

sys.path.insert(0, sys.argv[1])
from judging import curves, grid, plot, ruler, run  # noqa: E402


def points(*pairs):
    return [SimpleNamespace(found={"content": c, "style": s}) for c, s in pairs]


def near(a, b, tolerance=1e-12):
    assert a is not None and abs(a - b) <= tolerance * max(1, abs(b)), (a, b)


def check_curves():
    near(curves.mean([1, 4, 16]), 4)
    line = points((1, 1), (4, 0.25))  # style = 1 / content, a straight line between logarithms
    near(curves.style_at(line, 2), 0.5)
    assert curves.style_at(line, 0.9) is None and curves.style_at(line, 4.1) is None
    near(curves.style_at(line, 4), 0.25)
    # Thrice the style, other points, an overlap from 2 to 4.
    near(curves.style_ratio(points((2, 1.5), (8, 0.375), (3, 1.0)), line), 3)
    assert curves.style_ratio(points((5, 1), (6, 1)), line) is None


def check_approach():
    for start, power, goal in ((0.05, 0.3, 0.5), (0.05, 0.9, 0.02), (3, 0.15, 2.0)):
        asked = []

        def paint(weight):
            asked.append(weight)
            return points((weight ** -power * 0.4, weight))[0]

        found = curves.approach(paint, goal, start, 8)
        assert len(found) <= 5, asked
        distances = [p.found["content"] for p in found]
        above = min(d for d in distances if d >= goal)
        below = max(d for d in distances if d < goal)
        assert above / below < curves.NEAR, distances
    flat = curves.approach(lambda weight: points((1, 1))[0], 2, 0.05, 4)
    assert len(flat) == 4  # cannot be reached: no more than allowed


def check_border():
    chance = numpy.random.default_rng(1)
    y = chance.uniform(0, 255, (160, 200))
    level, detail = ruler.border(y, y)
    assert level == 0 and 0.9 < detail < 1.1, (level, detail)
    pale = y.copy()
    pale[:, -ruler.STRIP:] = 40 + pale[:, -ruler.STRIP:] * 0.5 + 80
    level, detail = ruler.border(pale, y)
    assert 40 < level < 70 and 0.75 < detail < 0.87, (level, detail)  # (3 + 1/4) / 4 = 0.81
    near(ruler.border(numpy.full((64, 64), 7.0), numpy.full((64, 64), 9.0))[1], 1)


def check_grain():
    near(ruler.grain(numpy.full((5, 7, 3), 3.0)), 0)
    board = (numpy.indices((9, 11)).sum(0) % 2) * 9.0
    whole = numpy.pad(board, 1, mode="edge")
    taken = [(whole[i, j] - whole[i - 1:i + 2, j - 1:j + 2].mean()) ** 2
             for i in range(1, 10) for j in range(1, 12)]
    assert abs(taken[12] - 16) < 1e-9 or abs(taken[12] - 25) < 1e-9  # inside, means are 4 or 5
    rgb = numpy.stack([board, 2 * board, 0 * board], axis=-1)
    near(ruler.grain(rgb), numpy.mean(taken) * (1 + 4 + 0) / 3)
    near(ruler.luma(numpy.full((2, 2, 3), 8.0))[0, 0], 8)


def check_names(folder):
    def file(name, text="x"):
        path = os.path.join(folder, name)
        with open(path, "w", encoding="utf-8") as out:
            out.write(text)
        return path

    a, b = file("a"), file("b", "y")
    assert run.digest_of_command(["nst", a]) != run.digest_of_command(["nst", b])
    assert run.digest_of_command(["nst", a]) == run.digest_of_command(["nst", file("c")])
    pairs = [grid.Pair("x/cat.jpg", "y/the_scream.jpg"), grid.Pair("x/cat.jpg", "y/the_wave.jpg"),
             grid.Pair("x/cat_two.jpg", "y/the_wave.jpg")]
    assert grid._pair_of("cat_scream", pairs) == pairs[0]
    assert grid._pair_of("cat_two_wave", pairs) == pairs[2]
    assert grid._pair_of("cat_the", pairs) is None and grid._pair_of("dog_wave", pairs) is None


def check_plot():
    ticks = plot._ticks(0.004, 0.09)
    assert all(0.004 <= t <= 0.09 for t in ticks) and len(ticks) >= 4, ticks
    svg = plot.plot([("<a>", [(1, 1, "1"), (2, 0.5, "2")], True)], "t & t", "x", "y")
    assert "<a>" not in svg and "&lt;a&gt;" in svg and svg.count("<circle") == 3, svg


check_curves()
check_approach()
check_border()
check_grain()
with tempfile.TemporaryDirectory() as place:
    check_names(place)
check_plot()
