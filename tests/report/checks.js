// Looks at a report from inside, in the page that browser.sh makes: three pictures, one failure. Comes to a
// line for each check.
(async () => {
    const all = selector => [...document.querySelectorAll(selector)];
    const one = selector => document.querySelector(selector);
    const lines = [];
    const check = (what, good) => lines.push((good ? "ok " : "FAIL ") + what);
    const names = all("bdi").map(name => name.textContent);

    // Pictures wake when their card comes near the window; those far away, when the browser has time.
    const frames = async count => { while (count-- > 0) await new Promise(requestAnimationFrame); };
    while (all("article > div > noscript").length > 0) await frames(1);
    check("far away they wake too", all("article .compare > img").length === 6);
    one("main").style.paddingTop = "0";
    all("article")[1].scrollIntoView();
    while (!all("article")[1].querySelector("img")) await frames(1);
    check("near the window they wake", all("article")[1].querySelectorAll(".compare > img").length === 2 &&
        all("article")[1].querySelectorAll(".sources img").length === 3);
    check("frames sleep as long as their details are closed", all(".frames img").length === 0);
    dispatchEvent(new Event("beforeprint"));
    check("all wake for printing", all("article").every(card => !card.querySelector(".compare noscript, .alone noscript")));
    all("details").forEach(details => { details.open = true; });
    while (all("article noscript").length > 0) await frames(1);
    await Promise.all(all("article img").map(image => image.decode()));
    check("title tells", document.title === "4 pictures: 1 failed, 3 done");
    check("scripts are ours", document.scripts.length === 1);
    check("no handlers", all("*").every(element =>
        [...element.attributes].every(attribute => !attribute.name.startsWith("on"))));
    check("names are text", names.some(name => name.includes("<script>document.title='taken'<!--")) &&
        names.some(name => name.includes("\" onload=\"document.title=1\" \ufffd\ufffd\ufffd[31m")) &&
        names.includes("sty\"le<b>.ppm") && all("bdi b").length === 0);
    check("nothing is loaded", performance.getEntriesByType("resource").length === 0);
    check("links lead to files beside the page", all("a").every(link =>
        /^(#[-a-z0-9]+|\.\/[-%.\w]+)$/.test(link.getAttribute("href"))));
    check("ids are unique", new Set(all("[id]").map(e => e.id)).size === all("[id]").length);

    check("failures come first", all("section")[0].id === "failed" &&
        all("section")[0].querySelector(".reason").textContent.includes("bad.ppm"));
    check("a card for each", all("article").length === 4);
    check("pictures", all("article img").length >= 3 * (2 + 3) && all("article img").every(image =>
        image.naturalWidth > 0 && image.src.startsWith("data:image/jpeg") && image.alt.length > 7));
    check("frames", all(".frames").length === 3 && all(".frames img").length === 3 * 4);
    check("curves", all("article.done").every(card => card.querySelectorAll("svg").length === 3));
    check("curves have lines", all(".line").length === 9 &&
        all(".line").every(line => line.getTotalLength() > 20));
    check("curves by scale", all(".line").every(line =>
        line.getAttribute("d").split("M").length === 3 && line.getAttribute("d").split("L").length === 7));
    check("curves have titles", all("svg").every(svg => svg.querySelector("title")));
    check("axes have round values", all(".chart svg").every(svg => {
        const values = [...svg.querySelectorAll(".value")].map(text => Number(text.textContent));
        const heights = [...svg.querySelectorAll(".value")].map(text => Number(text.getAttribute("y")));
        return values.length >= 2 && values.every(value => Number.isFinite(value) && !Object.is(value, -0)) &&
            values.every((value, i) => i === 0 || (value > values[i - 1] && heights[i] < heights[i - 1]));
    }));
    check("axes count iterations", all(".chart svg").every(svg => {
        const texts = [...svg.querySelectorAll("text:not(.value)")].map(text => text.textContent);
        return texts.includes("1") && texts.includes("iteration");
    }));
    check("labels of axes do not overlap", all(".chart svg").every(svg => {
        const boxes = [...svg.querySelectorAll("text")].map(text => text.getBoundingClientRect());
        return boxes.every((a, i) => boxes.every((b, j) => j <= i || a.right <= b.left || b.right <= a.left ||
            a.bottom <= b.top + 2 || b.bottom <= a.top + 2));
    }));
    check("command line", one("header code").textContent.includes("nst -q -S 64 -n 3") &&
        one("header code").textContent.includes(" -c 'photos<' ") && one("header code").textContent.includes("'sty\"le<b>.ppm:0.5'"));
    check("model", one("header").textContent.includes("bundled"));
    check("settings", all("header .settings .set").some(row => row.textContent === "size64"));
    check("fits the window", document.documentElement.scrollWidth <= innerWidth);

    check("cards out of sight are not drawn", all("article").every(card =>
        getComputedStyle(card).contentVisibility === "auto"));
    all("article").forEach(card => { card.style.contentVisibility = "visible"; });
    for (const view of all("article .compare")) {
        const range = view.querySelector("input"), photo = view.querySelector("img ~ img");
        const seen = () => getComputedStyle(photo).clipPath;
        const before = seen(), box = view.getBoundingClientRect();
        range.value = 20;
        range.dispatchEvent(new Event("input"));
        check("the result is shown whole, and the slider brings the photo", before.includes("100%") &&
            seen().includes("80%"));
        check("the slider says so", range.getAttribute("aria-valuetext") === "20 % photo, 80 % result");
        check("the slider has a label and the keyboard", range.tabIndex === 0 &&
            range.getAttribute("aria-label").length > 20 && range.type === "range");
        scrollTo(0, box.top + scrollY - 20);
        const now = view.getBoundingClientRect();
        const at = share => document.elementFromPoint(now.left + now.width * share, now.top + now.height / 2);
        check("the handle is under the pointer", at(0.2) === range);
        check("the rest of the picture is a button", at(0.7).className === "enlarge" &&
            at(0.7).getAttribute("aria-label").startsWith("Enlarge "));
    }
    check("three sliders", all("article .compare input").length === 3);

    const viewer = one(".viewer"), press = key => viewer.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
    const title = () => viewer.querySelector(".title").textContent;
    const slider = viewer.querySelector("input"), entered = all(".enlarge");
    const done = all("article.done");
    entered[0].click();
    check("a click enlarges", viewer.open && title().startsWith(done[0].dataset.photo) &&
        viewer.querySelector(".place").textContent === "1 of 3" && slider.value === "0" &&
        viewer.querySelector("img").src === done[0].querySelector("[data-what=result]").src);
    check("the enlarged picture fits", document.documentElement.scrollWidth <= innerWidth &&
        viewer.querySelector(".compare").getBoundingClientRect().height > 200);
    press("p");
    check("P shows the photo", slider.value === "100");
    press("P");
    check("P shows the result again", slider.value === "0");
    press("ArrowRight");
    check("an arrow goes on", title().startsWith(done[1].dataset.photo));
    press("ArrowLeft");
    press("ArrowLeft");
    check("arrows go round", title().startsWith(done[2].dataset.photo));
    press("c");
    check("C chooses", !viewer.open && !one(".chosen").hidden &&
        done[2].querySelector(".pick").getAttribute("aria-pressed") === "true");
    done[0].querySelector(".pick").click();
    check("any two are compared", viewer.open && slider.value === "50" && one(".chosen").hidden &&
        title().includes(done[2].dataset.photo) && title().includes(done[0].dataset.photo) &&
        viewer.querySelectorAll("img")[0].src === done[0].querySelector("[data-what=result]").src &&
        viewer.querySelectorAll("img")[1].src === done[2].querySelector("[data-what=result]").src);
    viewer.close();

    const search = one("[type=search]"), shown = () => all("article").filter(card => card.checkVisibility());
    const type = text => { search.value = text; search.dispatchEvent(new Event("input")); };
    type("1.PPM style");
    check("search finds", shown().length === 1 && shown()[0].dataset.photo === "1.ppm" &&
        one(".tools output").value === "1 of 4" && all("section").filter(section => section.hidden).length === 1);
    type("nobody");
    check("search finds nothing", shown().length === 0);
    type("");
    one(".tools select").value = "failed";
    one(".tools select").dispatchEvent(new Event("change"));
    check("states are chosen", shown().length === 1 && shown()[0].className === "failed");
    one(".tools select").value = "";
    one(".tools select").dispatchEvent(new Event("change"));
    check("all come back", shown().length === 4 && one(".tools output").value === "");

    one("[data-view=table]").click();
    while (all(".matrix button:not(:has(img))").length > 0) await frames(1);
    const rows = all(".matrix tbody tr");
    check("a row for each photo", rows.length === 4 && shown().length === 0 &&
        rows.every(row => row.querySelector("th[scope=row]") && row.cells.length === 2));
    check("a column for each painting", all(".matrix thead th[scope=col]").length === 1 &&
        one(".matrix thead").textContent === "style.ppm, sty\"le<b>.ppm:0.5");
    check("a painting is in the page once", all("[id^=painting-] img").length === 1);
    check("the table leads on", all(".matrix td button img").length === 3 && all(".matrix td a").length === 1);
    all(".matrix td button")[1].click();
    check("the table enlarges", viewer.open);
    viewer.close();
    type("1.ppm");
    check("the table is searched", rows.filter(row => row.checkVisibility()).length === 1);
    type("");
    check("the table fits the window", document.documentElement.scrollWidth <= innerWidth);
    one("[data-view=cards]").click();
    check("cards come back", shown().length === 4);

    return lines;
})()
