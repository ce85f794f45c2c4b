// A picture large: the ones of its pair take turns at the same place, so that the eye compares.
"use strict";
const dialog = document.querySelector("dialog");
const view = document.getElementById("view");
const large = view.querySelector("img");
const caption = document.querySelector("#bar span");
let row = [], place = 0, zoom = 1;

function show() {
    const x = view.scrollLeft / Math.max(1, view.scrollWidth);
    const y = view.scrollTop / Math.max(1, view.scrollHeight);
    const small = row[place].querySelector("img");
    large.src = small.src;
    large.alt = small.alt;
    const fit = Math.min(view.clientWidth / small.naturalWidth, view.clientHeight / small.naturalHeight);
    large.style.width = (zoom || fit) * small.naturalWidth + "px";
    view.classList.toggle("pixels", zoom === 2);
    caption.textContent = small.alt + "  " + row[place].querySelector("small").textContent;
    for (const button of document.querySelectorAll("#bar [data-zoom]"))
        button.setAttribute("aria-pressed", String(Number(button.dataset.zoom) === zoom));
    view.scrollTo(x * view.scrollWidth, y * view.scrollHeight);
}

function turn(step) {
    place = (place + step + row.length) % row.length;
    show();
}

for (const pictures of document.querySelectorAll(".pictures")) {
    const figures = [...pictures.querySelectorAll("figure")];
    figures.forEach((figure, i) => figure.querySelector("button").addEventListener("click", () => {
        row = figures;
        place = i;
        dialog.showModal();
        show();
    }));
}
for (const button of document.querySelectorAll("#bar [data-zoom]"))
    button.addEventListener("click", () => { zoom = Number(button.dataset.zoom); show(); });
document.getElementById("before").addEventListener("click", () => turn(-1));
document.getElementById("after").addEventListener("click", () => turn(1));
document.getElementById("close").addEventListener("click", () => dialog.close());
dialog.addEventListener("keydown", event => {
    const zooms = { 0: 0, 1: 1, 2: 2 };
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
        event.preventDefault();
        turn(event.key === "ArrowLeft" ? -1 : 1);
    } else if (event.key in zooms) {
        zoom = zooms[event.key];
        show();
    }
});
