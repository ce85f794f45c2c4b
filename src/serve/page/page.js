"use strict";
// The page of `nst serve`: collects what to paint, starts a run, follows its events. It uses
// nothing but the interface that api/openapi.json describes. A token comes in the address after
// "#token=" and is kept for this tab alone.

const get = id => document.getElementById(id);
const styles = [];  // {key, title, thumbnail, source: {name} or {picture}, box, region}
const runs = [];    // as the server describes them, newest first
let photo = null;   // {id, width, height, url}
let shown = null;   // id of the run on the stage
let source = null;  // EventSource of the run on the stage
let photoUrls = {}; // picture id -> address of its preview

const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) {
    sessionStorage.setItem("token", given);
    history.replaceState(null, "", location.pathname);
}
const token = sessionStorage.getItem("token");
const withToken = path => token ? path + (path.includes("?") ? "&" : "?") + "token=" + encodeURIComponent(token) : path;

async function call(path, options = {}) {
    const response = await fetch(withToken("api/" + path), options);
    const type = response.headers.get("Content-Type") || "";
    const body = type.startsWith("application/json") ? await response.json() : null;
    if (!response.ok)
        throw new Error(body && body.error ? body.error : "the server answered " + response.status);
    return body;
}

function complain(error) {
    get("problem").textContent = error ? (error.message || String(error)) : "";
}

// ---- pictures -----------------------------------------------------------------------------------

const upload = file => call("pictures", {method: "POST", headers: {"Content-Type": "application/octet-stream"}, body: file});

async function choosePhoto(file) {
    complain();
    get("photo-hint").textContent = "Reading " + file.name + " …";
    try {
        const picture = await upload(file);
        photo = picture;
        photoUrls[picture.id] = withToken("api/pictures/" + picture.id);
        const view = get("photo-view");
        view.src = photoUrls[picture.id];
        view.alt = "Photo: " + file.name;
        view.hidden = false;
        get("photo-hint").textContent = file.name + ", " + picture.width + " × " + picture.height;
        clearMask();
    } catch (error) {
        get("photo-hint").textContent = "Choose a photo, or drop one here";
        complain(error);
    }
}

function addStyle(style, chosen) {
    const label = document.createElement("label");
    const box = document.createElement("input");
    box.type = "checkbox";
    box.checked = chosen;
    const image = document.createElement("img");
    image.src = style.thumbnail;
    image.alt = "";
    image.loading = "lazy";
    const region = document.createElement("select");
    region.setAttribute("aria-label", "Region of " + style.title);
    for (const [value, text] of [[0, "all over"], [1, "region 1"], [2, "region 2"]])
        region.add(new Option(text, value));
    region.hidden = true;
    box.addEventListener("change", showRegions);
    label.append(box, image, style.title);
    const cell = document.createElement("div");
    cell.append(label, region);
    get("styles").append(cell);
    styles.push({...style, box, region});
    showRegions();
}

async function addOwn(file) {
    try {
        const picture = await upload(file);
        addStyle({title: file.name, thumbnail: withToken("api/pictures/" + picture.id), source: {picture: picture.id}}, true);
    } catch (error) {
        complain(error);
    }
}

function showRegions() {
    for (const style of styles)
        style.region.hidden = !get("regions").open || !style.box.checked;
}

// Who paints with two styles wants one in each region.
function spreadRegions() {
    const chosen = styles.filter(style => style.box.checked);
    if (chosen.length > 1 && chosen.every(style => style.region.value === "0"))
        chosen.forEach((style, index) => { style.region.value = index === 0 ? 1 : 2; });
}

// ---- mask ---------------------------------------------------------------------------------------

const canvas = get("mask"), pen = canvas.getContext("2d");
const layer = document.createElement("canvas"), paint = layer.getContext("2d");
let cursor = null, last = null, painted = false;

function drawMask() {
    pen.clearRect(0, 0, canvas.width, canvas.height);
    if (get("photo-view").complete && photo)
        pen.drawImage(get("photo-view"), 0, 0, canvas.width, canvas.height);
    pen.globalAlpha = 0.6;
    pen.drawImage(layer, 0, 0);
    pen.globalAlpha = 1;
    for (const [color, width] of cursor ? [["#000000", 4], ["#ffffff", 2]] : []) {
        pen.strokeStyle = color;
        pen.lineWidth = width;
        pen.beginPath();
        pen.arc(cursor.x, cursor.y, get("brush").value / 2, 0, 7);
        pen.stroke();
    }
}

function clearMask() {
    const side = 512, ratio = photo ? photo.width / photo.height : 1.5;
    canvas.width = layer.width = Math.max(1, Math.round(ratio >= 1 ? side : side * ratio));
    canvas.height = layer.height = Math.max(1, Math.round(ratio >= 1 ? side / ratio : side));
    painted = false;
    cursor = last = null;
    drawMask();
}

// A stroke from where the brush was last, so that a fast one has no gaps.
function dab(erase) {
    const from = last || cursor;
    paint.globalCompositeOperation = erase ? "destination-out" : "source-over";
    paint.strokeStyle = "#ff38c8";
    paint.lineCap = "round";
    paint.lineWidth = get("brush").value;
    paint.beginPath();
    paint.moveTo(from.x, from.y);
    paint.lineTo(cursor.x, cursor.y + 0.01);
    paint.stroke();
    last = {...cursor};
    painted = painted || !erase;
    drawMask();
}

function follow(event) {
    const box = canvas.getBoundingClientRect();
    cursor = {x: (event.clientX - box.left) * canvas.width / box.width, y: (event.clientY - box.top) * canvas.height / box.height};
}
canvas.addEventListener("pointerdown", event => { canvas.setPointerCapture(event.pointerId); follow(event); last = null; dab(get("erase").checked); });
canvas.addEventListener("pointerleave", () => { cursor = null; drawMask(); });
canvas.addEventListener("pointermove", event => { follow(event); if (event.buttons) dab(get("erase").checked); else drawMask(); });
canvas.addEventListener("keydown", event => {
    const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (!step && event.key !== " " && event.key !== "Backspace")
        return;
    event.preventDefault();
    cursor = cursor || {x: canvas.width / 2, y: canvas.height / 2};
    if (step) {
        cursor.x = Math.min(canvas.width, Math.max(0, cursor.x + 8 * step[0]));
        cursor.y = Math.min(canvas.height, Math.max(0, cursor.y + 8 * step[1]));
        last = null;
        drawMask();
    } else
        dab(event.key === "Backspace" || get("erase").checked);
});
get("mask-clear").addEventListener("click", clearMask);
get("photo-view").addEventListener("load", drawMask);
get("regions").addEventListener("toggle", () => {
    spreadRegions();
    showRegions();
    drawMask();
});

// Region 1 is black and region 2 white: regions are numbered from dark to bright.
async function uploadMask() {
    const flat = document.createElement("canvas");
    flat.width = layer.width;
    flat.height = layer.height;
    const context = flat.getContext("2d");
    context.drawImage(layer, 0, 0);
    context.globalCompositeOperation = "source-in";
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, flat.width, flat.height);
    context.globalCompositeOperation = "destination-over";
    context.fillStyle = "#000000";
    context.fillRect(0, 0, flat.width, flat.height);
    const blob = await new Promise(done => flat.toBlob(done, "image/png"));
    return (await upload(blob)).id;
}

// ---- runs ---------------------------------------------------------------------------------------

const styleScale = () => Number(Math.pow(10, get("scale").value / 40).toFixed(3));

async function start(event) {
    event.preventDefault();
    complain();
    const chosen = styles.filter(style => style.box.checked);
    if (!photo)
        return complain("Choose a photo first.");
    if (chosen.length === 0)
        return complain("Choose a style first.");
    const masked = get("regions").open && painted;
    const request = {
        photo: photo.id,
        styles: chosen.map(style => ({...style.source, region: masked ? Number(style.region.value) : 0})),
        options: {
            preset: get("preset").value,
            size: Number(get("size").value),
            ...(get("strength-field").hidden ? {} : {strength: Number(get("strength").value)}),
            "style-scale": styleScale(),
            color: get("color").value,
        },
    };
    get("paint").disabled = true;
    try {
        if (masked)
            request.mask = await uploadMask();
        const run = await call("runs", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(request)});
        remember(run);
        show(run);
        if (get("compare").getBoundingClientRect().bottom > innerHeight)
            get("result-title").scrollIntoView({block: "start"});
    } catch (error) {
        complain(error);
    }
    get("paint").disabled = false;
}

const time = seconds => seconds < 60 ? Math.max(0, seconds).toFixed(seconds < 10 ? 1 : 0) + " s"
    : Math.floor(seconds / 60) + " min " + Math.round(seconds % 60) + " s";

const words = {queued: "waiting", running: "painting", done: "done", stopped: "stopped and kept", failed: "failed"};
const isOver = run => run.state !== "queued" && run.state !== "running";

function describe(run) {
    if (run.state === "failed")
        return run.message;
    if (run.state === "queued")
        return run.ahead > 0 ? "Waiting: " + run.ahead + (run.ahead === 1 ? " run" : " runs") + " before this one" : "Starting";
    if (run.state === "running")
        return run.progress ? Math.round(100 * run.progress.fraction) + " %" +
            (run.progress.seconds_left > 0 ? ", " + time(run.progress.seconds_left) + " left" : "") : "Preparing";
    return (run.state === "stopped" ? "Stopped, " : "") + run.width + " × " + run.height + ", " + time(run.seconds);
}

function titleOf(style) {
    const known = styles.find(other => other.source.name ? other.source.name === style.name : other.source.picture === style.picture);
    return known ? known.title : style.name || "own painting";
}

function describeSettings(run) {
    const options = run.options || {}, parts = [(run.styles || []).map(titleOf).join(" + ")];
    if (options.strength !== undefined)
        parts.push("strength " + options.strength);
    if (options["style-scale"] !== undefined && options["style-scale"] !== 1)
        parts.push("strokes " + options["style-scale"].toFixed(1));
    if (options.color !== undefined && options.color !== "style")
        parts.push("colors " + get("color").querySelector(`[value="${options.color}"]`)?.text);
    if (options.size !== undefined)
        parts.push("size " + options.size);
    if (options.preset !== undefined)
        parts.push(options.preset);
    if (run.mask)
        parts.push("regions");
    return parts.join(", ");
}

// The form as it was for a run, for another with one change.
function reuse(run) {
    const options = run.options || {};
    for (const name of ["size", "preset", "color", "strength"])
        if (options[name] !== undefined)
            get(name).value = options[name];
    get("scale").value = Math.round(40 * Math.log10(options["style-scale"] || 1));
    for (const style of run.styles)
        if (style.picture && !styles.some(other => other.source.picture === style.picture))
            addStyle({title: "own painting", thumbnail: withToken("api/pictures/" + style.picture), source: {picture: style.picture}}, false);
    for (const style of styles) {
        const used = run.styles.find(other => style.source.name ? style.source.name === other.name : style.source.picture === other.picture);
        style.box.checked = Boolean(used);
        style.region.value = used && used.region || 0;
    }
    showValues();
    showRegions();
    if (!photo || photo.id !== run.photo) {
        const view = get("photo-view");
        view.addEventListener("load", () => {
            photo = {id: run.photo, width: view.naturalWidth, height: view.naturalHeight};
            clearMask();
        }, {once: true});
        view.src = withToken("api/pictures/" + run.photo);
        view.alt = "Photo of an earlier run";
        view.hidden = false;
        get("photo-hint").textContent = "Photo of an earlier run";
    }
    get("paint").focus();
}

// A browser lays out again what is written, even what stays the same, and takes that time from the run.
function put(element, property, value) {
    if (element[property] !== value)
        element[property] = value;
}

// In steps of 5 %: a new title costs as much as a new picture.
function titleFor(run) {
    return run.state === "running" && run.progress ? 5 * Math.round(20 * run.progress.fraction) + " % – nst" : "nst";
}

function update(run) {
    const index = runs.findIndex(other => other.id === run.id);
    if (index >= 0)
        runs[index] = {...runs[index], ...run};
    const now = index >= 0 ? runs[index] : run;
    if (shown === now.id) {
        put(get("facts"), "textContent", describe(now));
        put(get("settings"), "textContent", describeSettings(now));
        put(get("progress-field"), "hidden", isOver(now));
        put(get("progress"), "value", now.progress ? now.progress.fraction : 0);
        put(get("downloads"), "hidden", !now.result);
        put(get("state"), "textContent", words[now.state]);
        put(document, "title", titleFor(now));
    }
    const entry = document.getElementById("run-" + now.id);
    if (entry) {
        put(entry.querySelector("span:last-of-type"), "textContent",
            words[now.state] + (isOver(now) && now.seconds ? ", " + time(now.seconds) : ""));
        const button = entry.querySelector("button"), current = String(shown === now.id);
        if (button.getAttribute("aria-current") !== current)
            button.setAttribute("aria-current", current);
    }
}

function picture(address, alt) {
    const result = get("result");
    result.src = address;
    result.alt = alt;
    result.hidden = false;
    get("empty").hidden = true;
}

function finish(run) {
    update(run);
    if (!run.result)
        return;
    const address = withToken("api/runs/" + run.id + "/result?format=png");
    if (shown === run.id) {
        picture(address, "The painted photo");
        offerOthers(run);
        compare();
        get("before").hidden = get("cut-field").hidden = false;
        get("frame").classList.add("comparing");
        get("download-png").href = address;
        get("download-jpg").href = withToken("api/runs/" + run.id + "/result?format=jpg");
        get("download-record").href = withToken("api/runs/" + run.id + "/record");
    }
    const image = document.querySelector("#run-" + run.id + " img");
    if (image && !image.src.includes("/result"))
        image.src = withToken("api/runs/" + run.id + "/result?format=jpg");
}

// What the result can be compared with: the photo, and what else was painted of it.
function offerOthers(run) {
    const others = get("other"), was = others.value;
    others.replaceChildren(new Option("the photo", ""));
    for (const other of runs)
        if (other.id !== run.id && other.photo === run.photo && other.result)
            others.add(new Option(describeSettings(other), other.id));
    others.value = [...others.options].some(option => option.value === was) ? was : "";
}

function compare() {
    const run = runs.find(other => other.id === shown), other = get("other").value, before = get("before");
    before.src = other ? withToken("api/runs/" + other + "/result?format=png") : withToken("api/pictures/" + run.photo);
    before.alt = other ? "An earlier result" : "The photo before";
}

function cut(percent) {
    get("cut").value = percent;
    get("compare").style.setProperty("--cut", get("cut").value + "%");
}

// While runs that are not on the stage wait or paint, the list is asked for now and then.
async function lookAfterOthers() {
    if (!runs.some(run => !isOver(run) && run.id !== shown))
        return;
    for (const run of (await call("runs")).runs)
        if (runs.some(other => other.id === run.id && !isOver(other)))
            finish(run);
}

function show(run) {
    shown = run.id;
    if (source)
        source.close();
    source = null;
    get("before").hidden = get("cut-field").hidden = true;
    get("frame").classList.remove("comparing");
    for (const other of runs)
        update(other);
    if (isOver(run))
        return finish(run);
    if (photoUrls[run.photo])
        picture(photoUrls[run.photo], "The photo, before painting begins");
    source = new EventSource(withToken("api/runs/" + run.id + "/events"));
    const own = source;
    source.addEventListener("run", event => {
        const now = JSON.parse(event.data);
        if (isOver(now)) {
            own.close();
            finish(now);
        } else
            update(now);
    });
    source.addEventListener("preview", async event => {
        const next = new Image();
        next.src = "data:image/jpeg;base64," + event.data;
        await next.decode(); // so that nothing flickers
        if (shown === run.id && source === own && !isOver(runs.find(other => other.id === run.id)))
            picture(next.src, "The picture so far");
    });
    source.addEventListener("error", () => {
        if (source === own && own.readyState !== EventSource.OPEN)
            get("state").textContent = "Not connected";
    });
}

function remember(run) {
    runs.unshift(run);
    get("history-section").hidden = false;
    const item = document.createElement("li");
    item.id = "run-" + run.id;
    const button = document.createElement("button");
    button.type = "button";
    const image = document.createElement("img");
    image.src = photoUrls[run.photo] || withToken("api/pictures/" + run.photo);
    image.alt = "";
    const settings = document.createElement("span");
    settings.textContent = describeSettings(run);
    button.append(image, settings, document.createElement("span"));
    button.addEventListener("click", () => show(runs.find(other => other.id === run.id)));
    item.append(button);
    get("history").prepend(item);
    update(run);
}

// ---- the whole ----------------------------------------------------------------------------------

get("form").addEventListener("submit", start);
get("stop").addEventListener("click", () => call("runs/" + shown + "/cancel", {method: "POST"}).then(update, complain));
get("photo-file").addEventListener("change", event => event.target.files[0] && choosePhoto(event.target.files[0]));
get("style-file").addEventListener("change", event => { for (const file of event.target.files) addOwn(file); });
get("result").addEventListener("load", event =>
    get("compare").style.setProperty("--ratio", event.target.naturalWidth / event.target.naturalHeight));
function showValues() {
    get("strength-value").textContent = get("strength").value;
    get("scale-value").textContent = styleScale().toFixed(1);
}
get("strength").addEventListener("input", showValues);
get("scale").addEventListener("input", showValues);
get("reuse").addEventListener("click", () => reuse(runs.find(run => run.id === shown)));
get("cut").addEventListener("input", event => cut(event.target.value));
get("other").addEventListener("change", () => {
    compare();
    if (get("cut").value < 10)
        cut(50);
});
for (const name of ["pointerdown", "pointermove"])
    get("frame").addEventListener(name, event => {
        if (!event.buttons || get("before").hidden)
            return;
        const box = get("frame").getBoundingClientRect();
        cut(100 * (event.clientX - box.left) / box.width);
    });
get("frame").addEventListener("dragstart", event => event.preventDefault());
for (const name of ["dragover", "dragleave", "drop"])
    document.addEventListener(name, event => {
        event.preventDefault();
        get("photo-drop").classList.toggle("over", name === "dragover");
        if (name === "drop" && event.dataTransfer.files[0])
            choosePhoto(event.dataTransfer.files[0]);
    });

// What the page begins with, where it is not the command line's default: a picture within seconds.
const first = {size: 384, preset: "draft"};

async function begin() {
    const health = await call("health");
    get("state").textContent = "Ready, nst " + health.version;
    const options = new Map((await call("options")).options.map(option => [option.name, option]));
    get("strength-field").hidden = !options.has("strength");
    for (const name of ["size", "preset", "color"]) {
        const value = first[name] ?? options.get(name).default;
        if (value !== undefined)
            get(name).value = value;
    }
    for (const style of (await call("styles")).styles)
        addStyle({title: style.name, thumbnail: withToken("api/styles/" + style.name), source: {name: style.name}}, get("styles").childElementCount === 0);
    for (const run of (await call("runs")).runs.reverse())
        remember(run);
    for (const run of runs)
        finish(run);
    clearMask();
    const latest = runs.find(run => !isOver(run)) || runs[0];
    if (latest)
        show(latest);
    setInterval(() => lookAfterOthers().catch(() => {}), 2000);
}
begin().catch(error => { get("state").textContent = "Not connected"; complain(error); });
