"use strict";
// What the page does beyond showing: before and after, finding, a table, enlarging, comparing any two.
// Without this script, photo and result stand side by side, the paintings at the end, and the rest is absent.
document.documentElement.classList.add("js");
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = selector => document.querySelector(selector);
const cards = all("article");
const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
};
const resultOf = card => card.querySelector("[data-what=result]");
const photoOf = card => card.querySelector("[data-what=photo]");
const titleOf = card => card.dataset.photo + " in the style of " + card.dataset.style;

// ---- pictures, when they are needed ---------------------------------------------------------------

// Those of a card stand in <noscript> until it comes near the window, or the browser has nothing else to do: so the
// page is there before the pictures of hundreds of cards are read.
const hasResult = card => card.hasAttribute("data-result");
const paintingOf = source => source.dataset.picture && one("#" + source.dataset.picture + " img");
const copyOf = (picture, attributes) => make("img", {src: picture.src, alt: picture.alt, decoding: "async",
    width: picture.getAttribute("width"), height: picture.getAttribute("height"),
    "data-what": picture.dataset.what, ...attributes});
const wake = root => {
    for (const asleep of all("noscript", root))
        if (!asleep.closest("details:not([open])")) asleep.outerHTML = asleep.textContent;
};
const wakeCard = card => {
    near.unobserve(card);
    wake(card);
    for (const source of all(".sources li:not(:has(img))", card)) {
        const picture = paintingOf(source) || photoOf(card);
        if (picture) source.firstElementChild.prepend(copyOf(picture));
    }
};
const whenNear = (show, options) => new IntersectionObserver((entries, observer) => {
    for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        observer.unobserve(entry.target);
        show(entry.target);
    }
}, options);
const near = whenNear(wakeCard, {rootMargin: "100% 0px"});
for (const card of cards) near.observe(card);
const sleeping = [...cards];
const wakeRest = idle => {
    while (sleeping.length > 0 && idle.timeRemaining() > 5) wakeCard(sleeping.shift());
    if (sleeping.length > 0) requestIdleCallback(wakeRest);
};
if (window.requestIdleCallback) addEventListener("load", () => requestIdleCallback(wakeRest));
for (const details of all("article details")) details.ontoggle = () => { if (details.open) wake(details); };
addEventListener("beforeprint", () => cards.forEach(wakeCard));

// ---- one picture over the other -----------------------------------------------------------------

// The range input of `view` says how much of the picture on top is seen, from the left edge.
const setSlider = (view, top, below) => {
    const range = view.querySelector("input");
    const show = () => {
        view.style.setProperty("--cut", range.value + "%");
        range.setAttribute("aria-valuetext",
            range.value + " % " + top + ", " + (100 - range.value) + " % " + below);
    };
    range.oninput = show;
    show();
};
for (const view of all("article .compare")) setSlider(view, "photo", "result");

// ---- the picture with all the room ----------------------------------------------------------------

const viewer = one(".viewer");
const stage = viewer.querySelector(".compare"), range = stage.querySelector("input");
const [below, above] = all("img", stage);
let shown = null, chosen = null; // cards: the one that is enlarged, the first of two to compare
const visible = () => cards.filter(card => !card.hidden && hasResult(card));

// A browser shows these; the result's own file is larger than the picture in this page.
const fullSize = card => {
    const link = card.querySelector(".facts a") || one("header .facts a");
    return link && /\.(png|jpe?g|webp|avif|bmp)$/i.test(link.getAttribute("href")) ? link.href : null;
};
const load = (image, card, picture) => {
    const full = picture === resultOf(card) && fullSize(card);
    const now = {};
    image.loading = now;
    image.src = picture.src;
    image.alt = picture.alt;
    image.width = picture.width;
    image.height = picture.height;
    if (!full) return;
    const file = new Image();
    file.onload = () => { if (image.loading === now) image.src = full; };
    file.src = full;
};
const say = (selector, text) => { viewer.querySelector(selector).textContent = text; };
// The result of `card`; over it, from the edge, its photo, or the result of another card.
const enlarge = (card, other) => {
    wakeCard(card);
    if (other) wakeCard(other);
    const photo = other ? resultOf(other) : photoOf(card);
    shown = card;
    load(below, card, resultOf(card));
    above.hidden = range.hidden = !photo;
    if (photo) load(above, other || card, photo);
    range.value = other ? 50 : 0;
    range.setAttribute("aria-label", other ? "How much of the first picture is shown"
        : "How much of the photo is shown");
    setSlider(stage, other ? "first" : "photo", other ? "second" : "result");
    const list = visible();
    say(".title", other ? titleOf(other) + " | " + titleOf(card) : titleOf(card));
    say(".place", other ? "left | right" : list.indexOf(card) + 1 + " of " + list.length);
    for (const button of all("[data-do=previous], [data-do=next], [data-do=photo]", viewer))
        button.hidden = Boolean(other) || (button.dataset.do === "photo" ? !photo : list.length < 2);
    viewer.querySelector("[data-do=choose]").hidden = Boolean(other) || cards.length < 2;
    sayChosen();
    if (!viewer.open) viewer.showModal();
};
const step = by => {
    const list = visible();
    if (list.length > 1) enlarge(list[(list.indexOf(shown) + by + list.length) % list.length]);
};
const showPhoto = () => {
    if (range.hidden) return;
    range.value = range.value < 50 ? 100 : 0;
    range.oninput();
};

// ---- any two ------------------------------------------------------------------------------------

const sayChosen = () => {
    for (const card of cards) {
        const button = card.querySelector("[data-do=choose]");
        if (button) button.setAttribute("aria-pressed", card === chosen);
    }
    viewer.querySelector("[data-do=choose]").textContent = !chosen ? "Compare with another"
        : chosen === shown ? "Do not compare" : "Compare with " + chosen.dataset.photo;
    const note = one(".chosen");
    note.hidden = !chosen;
    note.querySelector("span").textContent = chosen ? "Choose a second picture to compare with " + titleOf(chosen) : "";
};
const choose = card => {
    const first = chosen;
    chosen = first ? null : card;
    if (first && first !== card) enlarge(card, first);
    else if (viewer.open && chosen) viewer.close();
    sayChosen();
};
const actions = {
    previous: () => step(-1), next: () => step(1), photo: showPhoto,
    close: () => viewer.close(), choose: () => choose(shown), forget: () => choose(chosen)
};
for (const button of all(".viewer button, .chosen button"))
    button.onclick = () => actions[button.dataset.do]();
viewer.onkeydown = event => {
    const key = event.key.toLowerCase(), name =
        key === "p" ? "photo" : key === "c" ? "choose" : event.target === range ? ""
            : key === "arrowleft" ? "previous" : key === "arrowright" ? "next" : "";
    const button = name && viewer.querySelector("[data-do=" + name + "]");
    if (!button || button.hidden || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    actions[name]();
};
viewer.onclick = event => { if (event.target === viewer) viewer.close(); };
viewer.onclose = () => {
    const button = shown && shown.querySelector(".enlarge");
    if (button && one("main").classList.contains("cards")) button.focus();
};
for (const card of cards) {
    if (!hasResult(card)) continue;
    const button = make("button", {type: "button", class: "enlarge", "aria-label": "Enlarge " + titleOf(card)});
    button.onclick = () => enlarge(card);
    card.querySelector(".compare, .alone").prepend(button);
    if (cards.length === 1) continue;
    const pick = make("button", {type: "button", class: "pick", "data-do": "choose", "aria-pressed": false,
        "aria-label": "Compare " + titleOf(card)}, "Compare");
    pick.onclick = () => choose(card);
    card.querySelector("h3").after(pick);
}

// ---- photo x style --------------------------------------------------------------------------------

const table = one(".matrix");
const header = (scope, name, picture) => {
    const cell = make("th", {scope}, make("bdi", {}, name));
    if (picture) cell.prepend(copyOf(picture, {alt: ""}));
    return cell;
};
const nearInTable = whenNear(cell => {
    const card = document.getElementById(cell.dataset.job || cell.dataset.photoOf);
    wakeCard(card);
    const picture = cell.dataset.job ? resultOf(card) : photoOf(card);
    if (picture) cell.prepend(copyOf(picture, {alt: ""}));
}, {root: table && table.parentElement, rootMargin: "50% 0px"});
const fillTable = () => {
    const styles = [...new Set(cards.map(card => card.dataset.style))];
    const first = make("tr", {}, make("td", {}));
    for (const style of styles) {
        const source = cards.filter(card => card.dataset.style === style)
            .map(card => card.querySelector("[data-picture]")).find(source => source);
        first.append(header("col", style, source && paintingOf(source)));
    }
    const body = make("tbody", {});
    for (const photo of new Set(cards.map(card => card.dataset.photo))) {
        const ofPhoto = cards.filter(card => card.dataset.photo === photo);
        const row = make("tr", {}, header("row", photo)), source = ofPhoto.find(card => card.querySelector(".sources"));
        if (source) {
            row.cells[0].dataset.photoOf = source.id;
            nearInTable.observe(row.cells[0]);
        }
        for (const style of styles) {
            const cell = make("td", {});
            for (const card of ofPhoto.filter(one => one.dataset.style === style)) {
                const entry = hasResult(card)
                    ? make("button", {type: "button", "aria-label": "Enlarge " + titleOf(card), "data-job": card.id})
                    : make("a", {href: "#" + card.id, "data-job": card.id}, card.className);
                if (hasResult(card)) nearInTable.observe(entry);
                entry.onclick = () => hasResult(card) ? enlarge(card) : view("cards");
                cell.append(entry);
            }
            row.append(cell);
        }
        body.append(row);
    }
    table.append(make("thead", {}, first), body);
};
const filterTable = () => {
    for (const entry of all("[data-job]", table)) entry.hidden = document.getElementById(entry.dataset.job).hidden;
    for (const row of all("tbody tr", table)) row.hidden = all("[data-job]", row).every(entry => entry.hidden);
};
const view = name => {
    if (name === "table" && !table.rows.length) fillTable();
    one("main").className = name;
    for (const button of all("[data-view]")) button.setAttribute("aria-pressed", button.dataset.view === name);
    filterTable();
};

// ---- finding ------------------------------------------------------------------------------------

const tools = one(".tools");
if (tools) {
    const query = tools.querySelector("[type=search]"), state = tools.querySelector("select");
    const texts = cards.map(card => (titleOf(card) + " " +
        all("p", card).map(p => p.textContent).join(" ")).toLowerCase());
    const find = () => {
        const words = query.value.toLowerCase().split(/\s+/).filter(word => word);
        cards.forEach((card, i) => {
            card.hidden = Boolean(state.value && card.className !== state.value) ||
                !words.every(word => texts[i].includes(word));
        });
        for (const section of all("section")) section.hidden = all("article", section).every(card => card.hidden);
        const left = cards.filter(card => !card.hidden).length;
        tools.querySelector("output").value = left === cards.length ? "" : left + " of " + cards.length;
        filterTable();
    };
    for (const button of all("[data-view]", tools)) button.onclick = () => view(button.dataset.view);
    query.oninput = state.onchange = find;
    tools.onsubmit = event => event.preventDefault();
    // "/" leads there, as it does elsewhere on the web.
    document.addEventListener("keydown", event => {
        if (event.key !== "/" || viewer.open || /^(input|select|textarea)$/i.test(event.target.tagName)) return;
        event.preventDefault();
        query.focus();
    });
    // A link to a card shows it, whatever was looked for.
    addEventListener("hashchange", () => {
        query.value = state.value = "";
        find();
        view("cards");
    });
    tools.hidden = false;
    find(); // a browser keeps what was typed before the page was loaded again
}
