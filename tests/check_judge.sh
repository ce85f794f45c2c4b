#!/usr/bin/env bash
# scripts/judge: its numbers are those of nst measure, no picture is painted twice, settings are
# compared at equal content, and the sheet is one file. tests/judge tests its parts.
set -u
: "${NST:?path of the nst binary}" "${NST_PROJECT_DIR:?root of the project}"
NST=$(realpath "$NST")
export NST
python=/usr/bin/python3
if ! "$python" -c 'import numpy, PIL' 2>/dev/null; then
    echo "SKIP: all, there is no python3-numpy or python3-pil"
    exit 0
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 1
export PYTHONDONTWRITEBYTECODE=1
bad=0
complain() {
    echo "$*"
    bad=1
}

"$python" "$NST_PROJECT_DIR/tests/judge/parts.py" "$NST_PROJECT_DIR/scripts" || bad=1

mkdir photos theirs
"$python" - "$NST_PROJECT_DIR/images" <<'PYTHON'
import sys
from PIL import Image
for name, target in (("harbour", "photos/town"), ("oil", "the_oil"), ("woodcut", "cut&<b>")):
    Image.open(f"{sys.argv[1]}/{name}.jpg").resize((72, 64)).save(target + ".png")
PYTHON
quick='-n 15 --scales 1'
judge() {
    "$NST_PROJECT_DIR/scripts/judge" -o out --size 72 --photos photos \
        --paintings the_oil.png 'cut&<b>.png' --jobs 2 "$@" >printed 2>said
}
cp photos/town.png theirs/town_oil.png

# All pictures have the size of the results: nothing is resized.
# A curve by two settings, and pictures of another program for one of the two pairs.
grid=(--setting "few=$quick" --setting "more=$quick -n 30" --vary 'content-weight=0.01,1'
    --result theirs=theirs --reference few)
judge "${grid[@]}" || { cat said; complain "a grid failed"; }
[ "$(grep -c 'of processor' said)" = 8 ] || complain "expected 8 pictures: $(cat said)"
judge "${grid[@]}" || complain "the grid failed again"
grep -q 'of processor' said && complain "painted again: $(cat said)"
cp printed before
printf 'something else' >>'cut&<b>.png' # still a picture, but another file
judge "${grid[@]}"
[ "$(grep -c 'of processor' said)" = 4 ] || complain "expected the 4 of a changed painting: $(cat said)"
cmp -s <(sed 's/| [^|]* | [^|]* |$//' before) <(sed 's/| [^|]* | [^|]* |$//' printed) ||
    complain "the same pixels were measured differently"

"$python" - "$NST" <<'PYTHON' || bad=1
import html.parser, json, subprocess, sys
results = json.load(open("out/results.json"))["pictures"]
assert len(results) == 9, len(results)
for one in results:
    measured = json.loads(subprocess.run(
        [sys.argv[1], "measure", "--json", "-S", "full", "-c", one["photo"], "-s", one["painting"],
         one["file"]], stdout=subprocess.PIPE, check=True).stdout)["pictures"][0]
    style = [measured["style-distance"][f"relu{i}_1"] for i in (1, 2, 3, 4)]
    assert abs(one["style"] - sum(style) / 4) <= 1e-9 * one["style"], one
    assert abs(one["content"] - measured["content-distance"]["relu4_2"]) <= 1e-9, one
theirs = [one for one in results if one["setting"] == "theirs"]
assert [one["painting"] for one in theirs] == ["the_oil.png"] and theirs[0]["content"] == 0, theirs
for name in ("few", "more"):
    for painting in ("the_oil.png", "cut&<b>.png"):
        low, high = (one for one in results if (one["setting"], one["painting"]) == (name, painting))
        assert low["content"] > high["content"] and low["style"] < high["style"], (low, high)

class Page(html.parser.HTMLParser):
    images, figures, words = 0, 0, ""
    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        assert tag != "b", "a name became markup"
        assert "href" not in found and found.get("src", "data:").startswith("data:"), found
        self.images += tag == "img" and "src" in found
        self.figures += tag == "figure"
    def handle_data(self, data):
        self.words += data
page = Page()
page.feed(open("out/sheet.html", encoding="utf-8").read())
assert page.figures == page.images == 9 + 2 * 2, (page.figures, page.images)
assert "town \u00d7 cut&<b>" in page.words
PYTHON
for plot in tradeoff 'tradeoff-town_cut&<b>' time; do
    "$python" -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "out/$plot.svg" ||
        complain "$plot.svg"
done

# At equal content: the two pictures of `more` that are compared lie around the one of `few`.
"$NST" measure --make-basis basis -S 72 photos/town.png || complain "no basis"
judge --basis basis --setting "few=$quick --content-weight 0.05" --setting "more=$quick -n 30" --equal-content few --attempts 12 ||
    { cat said; complain "equal content failed"; }
"$python" - <<'PYTHON' || bad=1
import json
results = json.load(open("out/results.json"))["pictures"]
for painting in ("the_oil.png", "cut&<b>.png"):
    of = [one for one in results if one["painting"] == painting]
    assert all(isinstance(one["E"], float) for one in of), of
    target = next(one["content"] for one in of if one["setting"] == "few")
    tried = sorted(one["content"] / target for one in of if one["only-for-equal-content"])
    above = min(x for x in tried if x >= 1)
    below = max(x for x in tried if x <= 1)
    assert above / below < 1.16, tried
PYTHON
grep -q 'Style at the content distance of few' printed || complain "no table of equal content"

# Wrong arguments are one line each, and a failing nst is an error.
wrong() {
    local expected=$1
    shift
    judge "$@" && complain "succeeded: $*"
    [ "$(tail -n 1 said)" = "$expected" ] || complain "$* said: $(cat said)"
}
wrong 'judge: --setting odd: expected NAME=OPTIONS, or NAME=PROGRAM OPTIONS' --setting odd
wrong 'judge: a: two settings or results have this name' --setting a= --setting a=
wrong 'judge: b: no setting or result has this name; expected one of a' --setting a= --reference b
wrong 'judge: --vary x: expected OPTION=VALUE,VALUE,...' --vary x
wrong 'judge: --result r=photos: nothing here is named PHOTO_PAINTING by the pairs asked for' \
    --result r=photos
echo none >photos/not.png
judge --setting a= && complain "what is no picture was passed over"
[ "$(grep -c Traceback said)" = 0 ] || complain "no picture: $(cat said)"
rm photos/not.png
judge --setting "one=$quick" --setting "same=$quick" || complain "two names for one setting: $(cat said)"
judge --setting 'a=--no-such' && complain "an nst that fails was passed over"
grep -q '^nst: --no-such: unknown option$' said || complain "nst's reason is missing"
exit "$bad"
