"""One HTML file that needs nothing beside it."""

import base64
import html
import io
import os

from PIL import Image

from judging.grid import stem

HERE = os.path.dirname(os.path.abspath(__file__))
QUALITY = 92  # of the pictures in the sheet; grain has to survive


def _asset(name):
    with open(os.path.join(HERE, name), encoding="utf-8") as file:
        return file.read()


def _image(path, longest):
    image = Image.open(path).convert("RGB")
    if longest:
        image.thumbnail((longest, longest), Image.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, subsampling=0)
    return ("data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode(), *image.size)


def table(head, rows, texts=1):
    """Strings; the first `texts` columns are words."""
    def line(tag, cells):
        return "<tr>" + "".join(f"<{tag}{' class=text' if i < texts else ''}>{html.escape(cell)}</{tag}>"
                                for i, cell in enumerate(cells)) + "</tr>"
    return ("<div class=scroll><table><thead>" + line("th", head) + "</thead><tbody>" +
            "\n".join(line("td", row) for row in rows) + "</tbody></table></div>")


def text_with_code(text):
    """What stands between ` is code."""
    return "".join(f"<code>{html.escape(part)}</code>" if i % 2 else html.escape(part)
                   for i, part in enumerate(text.split("`")))


def _figure(path, longest, name, numbers):
    source, width, height = _image(path, longest)
    return (f'<figure><button aria-label="enlarge {html.escape(name)}"><img src="{source}" '
            f'width={width} height={height} loading=lazy decoding=async alt="{html.escape(name)}">'
            f"</button><figcaption>{html.escape(name)}<small>{html.escape(numbers)}</small>"
            "</figcaption></figure>")


def pair_section(pair, size, figures):
    """figures: (file, name, numbers)s."""
    parts = [_figure(pair.photo, size, stem(pair.photo), "the photo"),
             _figure(pair.painting, size, stem(pair.painting), "the painting")]
    parts += [_figure(file, None, name, numbers) for file, name, numbers in figures]
    return (f'<section id="{html.escape(pair.name)}"><h2>'
            f"{html.escape(pair.title)}</h2>"
            "<div class=pictures>" + "\n".join(parts) + "</div></section>")


def page(title, parts):
    return f"""<!DOCTYPE html>
<html lang=en><head><meta charset=utf-8><meta name=viewport content="width=device-width, initial-scale=1">
<title>{html.escape(title)}</title><style>
{_asset("sheet.css")}</style></head><body>
<h1>{html.escape(title)}</h1>
{chr(10).join(parts)}
<dialog aria-label="a picture, large"><div id=bar><span></span>
<button id=before aria-label="the one before">&larr;</button>
<button id=after aria-label="the next">&rarr;</button>
<button data-zoom=0>fit</button><button data-zoom=1>100 %</button><button data-zoom=2>200 %</button>
<button id=close>close</button></div><div id=view><img alt=""></div></dialog>
<script>
{_asset("sheet.js")}</script></body></html>
"""
