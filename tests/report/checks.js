// Looks at a report from inside, in the page that browser.sh makes: three pictures, one failure.
// Leaves a line for each check in <pre id="checks">.
(() => {
    const all = selector => [...document.querySelectorAll(selector)];
    const lines = [];
    const check = (what, good) => lines.push((good ? "ok " : "FAIL ") + what);
    const names = all("bdi").map(name => name.textContent);

    all("details").forEach(details => { details.open = true; });
    check("title tells", document.title === "4 pictures: 1 failed, 3 done");
    check("scripts are ours", document.scripts.length === 2);
    check("no handlers", all("*").every(element =>
        [...element.attributes].every(attribute => !attribute.name.startsWith("on"))));
    check("names are text", names.some(name => name.includes("<script>document.title='taken'<!--")) &&
        names.some(name => name.includes("\" onload=\"document.title=1\" \ufffd\ufffd\ufffd[31m")) &&
        names.includes("sty\"le<b>.ppm") && all("bdi b").length === 0);
    check("nothing is loaded", performance.getEntriesByType("resource").length === 0);
    check("links lead to files beside the page", all("a").every(link =>
        /^(#[a-z]+|\.\/[-%.\w]+)$/.test(link.getAttribute("href"))));
    check("ids are unique", new Set(all("[id]").map(e => e.id)).size === all("[id]").length);

    check("failures come first", all("section")[0].id === "failed" &&
        all("section")[0].querySelector(".reason").textContent.includes("bad.ppm"));
    check("a card for each", all("article").length === 4);
    check("pictures", all("img").length >= 3 * (2 + 3) && all("img").every(image =>
        image.naturalWidth > 0 && image.src.startsWith("data:image/jpeg") && image.alt.length > 7));
    check("frames", all(".frames").length === 3 && all(".frames img").length === 3 * 4);
    check("curves", all("article.done").every(card => card.querySelectorAll("svg").length === 3));
    check("curves have lines", all(".line").length === 9 &&
        all(".line").every(line => line.getTotalLength() > 20));
    check("curves by scale", all(".line").every(line =>
        line.getAttribute("d").split("M").length === 3 && line.getAttribute("d").split("L").length === 7));
    check("curves have titles", all("svg").every(svg => svg.querySelector("title")));
    check("settings", all("header .settings .set").some(row => row.textContent === "size64"));
    check("fits the window", document.documentElement.scrollWidth <= innerWidth);

    for (const view of all(".compare")) {
        const range = view.querySelector("input"), photo = view.querySelector("img + img");
        const seen = () => getComputedStyle(photo).clipPath;
        const before = seen(), box = view.getBoundingClientRect();
        range.value = 20;
        range.dispatchEvent(new Event("input"));
        check("moving the slider shows less of the photo", before.includes("50%") &&
            seen().includes("80%"));
        check("the slider says so", range.getAttribute("aria-valuetext") === "20 % photo, 80 % result");
        check("the slider has a label and the keyboard", range.tabIndex === 0 &&
            range.getAttribute("aria-label").length > 20 && range.type === "range");
        scrollTo(0, box.top + scrollY);
        check("the slider is under the pointer", document.elementFromPoint(
            box.left + box.width / 3, view.getBoundingClientRect().top + box.height / 2) === range);
    }
    check("three sliders", all(".compare input").length === 3);

    const result = document.createElement("pre");
    result.id = "checks";
    result.textContent = "\n" + lines.join("\n") + "\n";
    document.body.append(result);
})();
