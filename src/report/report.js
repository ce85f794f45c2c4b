"use strict";
// Before and after: the range input on each pair of pictures says how much of the photo is seen.
// Without this script they stand side by side.
document.documentElement.classList.add("js");
for (const view of document.querySelectorAll(".compare")) {
    const range = view.querySelector("input");
    const show = () => {
        view.style.setProperty("--cut", range.value + "%");
        range.setAttribute("aria-valuetext",
            range.value + " % photo, " + (100 - range.value) + " % result");
    };
    range.addEventListener("input", show);
    show();
}
