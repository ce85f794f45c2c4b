"""Curves as SVG: logarithmic axes, one color per setting."""

import html
import math

from judging.curves import SMALLEST

COLORS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7f7f7f", "#8c564b",
          "#000000")
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 34, 46


def _ticks(low, high):
    """1, 2, 5 of each decade; more of them when there are few."""
    decades = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for digits in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 7)):
        found = [d * 10.0 ** e for e in decades for d in digits if low <= d * 10.0 ** e <= high]
        if len(found) >= 4:
            return found
    return found or [low, high]


def plot(series, title, x_label, y_label, width=560, height=380):
    """series: (name, [(x, y, label)], joined)s. -> SVG that stands alone."""
    series = [(name, [(max(x, SMALLEST), max(y, SMALLEST), label) for x, y, label in line], joined)
              for name, line, joined in series]
    points = [(x, y) for _, line, _ in series for x, y, _ in line]
    if not points:
        return ""
    (x0, x1), (y0, y1) = ((min(v) / 1.12, max(v) * 1.12) for v in zip(*points))
    inner_w, inner_h = width - LEFT - RIGHT, height - TOP - BOTTOM

    def at(x, y):
        return (LEFT + inner_w * math.log(x / x0) / math.log(x1 / x0),
                TOP + inner_h * (1 - math.log(y / y0) / math.log(y1 / y0)))

    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
           f'font-family="sans-serif" font-size="11" fill="#222">',
           f"<title>{html.escape(title)}</title>",
           f'<rect width="{width}" height="{height}" fill="#fff"/>',
           f'<text x="{LEFT}" y="18" font-size="13" font-weight="bold">{html.escape(title)}</text>']
    for x in _ticks(x0, x1):
        px, _ = at(x, y0)
        out.append(f'<path d="M{px:.1f} {TOP}V{TOP + inner_h}" stroke="#e4e4e4"/>'
                   f'<text x="{px:.1f}" y="{TOP + inner_h + 15}" text-anchor="middle">{x:.3g}</text>')
    for y in _ticks(y0, y1):
        _, py = at(x0, y)
        out.append(f'<path d="M{LEFT} {py:.1f}H{LEFT + inner_w}" stroke="#e4e4e4"/>'
                   f'<text x="{LEFT - 6}" y="{py + 4:.1f}" text-anchor="end">{y:.3g}</text>')
    out.append(f'<text x="{LEFT + inner_w / 2}" y="{height - 10}" text-anchor="middle">'
               f'{html.escape(x_label)}</text>'
               f'<text transform="translate(14 {TOP + inner_h / 2}) rotate(-90)" '
               f'text-anchor="middle">{html.escape(y_label)}</text>')
    for i, (name, line, joined) in enumerate(series):
        color = COLORS[i % len(COLORS)]
        places = [(*at(x, y), label) for x, y, label in line]
        if joined and len(places) > 1:
            path = "L".join(f"{px:.1f} {py:.1f}" for px, py, _ in places)
            out.append(f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2"/>')
        for (px, py, label), (x, y, _) in zip(places, line):
            text = html.escape(f"{name} {label}: {x:.4g}, {y:.4g}")
            out.append(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="4" fill="{color}">'
                       f"<title>{text}</title></circle>")
            if label:
                out.append(f'<text x="{px + 6:.1f}" y="{py - 5:.1f}" fill="{color}" font-size="9">'
                           f"{html.escape(label)}</text>")
        # The legend stands where such curves never are: top right.
        ly = TOP + 12 + 15 * i
        out.append(f'<circle cx="{width - RIGHT - 8}" cy="{ly - 4}" r="4" fill="{color}"/>'
                   f'<text x="{width - RIGHT - 17}" y="{ly}" text-anchor="end">'
                   f"{html.escape(name)}</text>")
    out.append("</svg>")
    return "\n".join(out)
