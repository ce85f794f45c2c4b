"""Comparing settings by curves of style against content, and not by points."""

import math

NEAR = 1.15  # two points are near enough to interpolate between when their content differs less
USUAL_SLOPE = 0.4  # of the logarithm of content over that of the content weight, downwards


SMALLEST = 1e-9  # what stands for a distance of 0 in a logarithm


def log(distance):
    return math.log(max(distance, SMALLEST))


def mean(values):
    """Geometric: distances are compared by their ratios."""
    values = list(values)
    return math.exp(sum(map(log, values)) / len(values)) if values else math.nan


def curve(points):
    """-> (content, style) in the order of content."""
    return sorted((max(point.found["content"], SMALLEST), max(point.found["style"], SMALLEST))
                  for point in points)


def style_at(points, content):
    """Style where a curve has that content distance, straight between the logarithms of its points;
    None outside of them."""
    line = curve(points)
    for (c0, s0), (c1, s1) in zip(line, line[1:]):
        if c0 <= content <= c1:
            t = math.log(content / c0) / math.log(c1 / c0) if c1 > c0 else 0.0
            return s0 * (s1 / s0) ** t
    return line[0][1] if len(line) == 1 and line[0][0] == content else None


def style_ratio(points, reference, steps=16):
    """Mean of style over the reference's style at equal content, over the range that both curves
    have; None when there is none."""
    a, b = curve(points), curve(reference)
    low, high = max(a[0][0], b[0][0]), min(a[-1][0], b[-1][0])
    if not low < high:
        return None
    at = [low * (high / low) ** (i / steps) for i in range(steps + 1)]
    at[-1] = high
    return mean(style_at(points, c) / style_at(reference, c) for c in at)


def approach(paint, content, start, attempts):
    """Paint until two pictures lie closely around a content distance. paint(weight) -> a point; a
    larger content weight gives a smaller distance. -> the points, the last of which miss on one
    side when the distance cannot be reached."""
    points, tried = [], []  # (log weight, log of distance over the one asked for)s
    x = math.log(start)
    for _ in range(attempts):
        points.append(paint(math.exp(x)))
        tried.append((x, log(points[-1].found["content"]) - log(content)))
        above = min((t for t in tried if t[1] >= 0), key=lambda t: t[1], default=None)
        below = max((t for t in tried if t[1] < 0), key=lambda t: t[1], default=None)
        if above and below and (above[1] - below[1] < math.log(NEAR) or above[1] == 0):
            break
        # Where a straight line comes to the other side, by less than the two may differ.
        near = min(tried, key=lambda t: abs(t[1]))
        slope = USUAL_SLOPE
        if above and below:
            slope = (above[1] - below[1]) / (below[0] - above[0])
        elif len(tried) > 1:
            a, b = sorted(tried, key=lambda t: abs(t[1]))[:2]
            slope = min(1.0, max(0.1, (a[1] - b[1]) / (b[0] - a[0])))
        x = near[0] + (near[1] + math.copysign(0.4 * math.log(NEAR), near[1])) / slope
        if above and below and any(abs(x - t[0]) < 1e-3 for t in tried):
            x = (above[0] + below[0]) / 2  # the curve is no line here
    return points
