/* 保档: the one script. Every page works without it; it adds keys, a notice bar, upload progress and the page viewer. */
(() => {
  "use strict";
  const doc = document;
  const words = JSON.parse(doc.body.dataset.words);
  const $ = (css, root = doc) => root.querySelector(css);
  const $$ = (css, root = doc) => [...root.querySelectorAll(css)];
  const seen = (el) => el.getClientRects().length > 0;
  const make = (tag, cls = "", text = "") => Object.assign(doc.createElement(tag), { className: cls, textContent: text });
  const kept = (() => { try { return localStorage; } catch { return {}; } })();
  doc.documentElement.classList.add("js");

  /* the notice bar */
  const say = (text, good = false) => {
    const bar = $("#bar");
    const close = make("button", "", words.close);
    close.type = "button";
    close.onclick = () => { bar.hidden = true; };
    bar.className = good ? "bar good" : "bar";
    bar.replaceChildren(make("span", "", text), close);
    bar.hidden = false;
    clearTimeout(say.timer);
    if (good) say.timer = setTimeout(close.onclick, 2500);
  };
  const parse = (html) => new DOMParser().parseFromString(html || "", "text/html").body;
  const reason = (xhr) => {
    const told = $("[data-message]", parse(xhr.responseText));
    if (told) return told.textContent.trim();
    return { 0: words.offline, 403: words.denied, 413: words.big, 429: words.slow, 503: words.slow }[xhr.status] || words.failed;
  };
  const sent_away = (xhr) => {
    if (xhr.status === 401) location.assign(xhr.getResponseHeader("HX-Redirect") || "/login");
    return xhr.status === 401;
  };

  /* htmx: busy regions, failures, focus on what is to be mended */
  const buttons = (form, off) => $$("button:not([type=button])", form).forEach((b) => { b.disabled = off; });
  const posting = (el) => el.tagName === "FORM" && el.method !== "get";
  doc.addEventListener("htmx:beforeRequest", ({ detail }) => {
    // What replaces itself looks again by itself: nobody waits for it, and it shall not flicker.
    if (detail.target !== detail.elt) detail.target.setAttribute("aria-busy", "true");
    if (posting(detail.elt)) buttons(detail.elt, true);
  });
  doc.addEventListener("htmx:afterRequest", ({ detail }) => {
    detail.target.removeAttribute("aria-busy");
    if (posting(detail.elt)) {
      buttons(detail.elt, false);
      if (!detail.successful && "guard" in detail.elt.dataset) detail.elt.dataset.dirty = "1";
    }
  });
  // A refusal is told in the bar even where its status would be swapped in (409: the state has changed).
  doc.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!detail.xhr.responseText.includes("data-refusal")) return;
    detail.shouldSwap = false;
    if (!detail.isError) say(reason(detail.xhr));
  });
  doc.addEventListener("htmx:responseError", ({ detail }) => { if (!sent_away(detail.xhr)) say(reason(detail.xhr)); });
  doc.addEventListener("htmx:sendError", () => say(words.offline));
  doc.addEventListener("htmx:timeout", () => say(words.slow));

  /* forms: sent once, and not left by accident */
  doc.addEventListener("submit", (e) => {
    const form = e.target;
    delete form.dataset.dirty;
    if (e.defaultPrevented || !posting(form)) return;
    // Not at once: a disabled button would not send its own name and value. Back after a while, for forms that answer with a file.
    setTimeout(() => buttons(form, true));
    setTimeout(() => buttons(form, false), 8000);
  });
  addEventListener("pageshow", (e) => { if (e.persisted) $$("form").forEach((f) => buttons(f, false)); });
  doc.addEventListener("input", (e) => {
    const form = e.target.form;
    if (form && "guard" in form.dataset) form.dataset.dirty = "1";
  });
  addEventListener("beforeunload", (e) => { if ($("form[data-dirty]")) e.preventDefault(); });

  /* things that open beside their button */
  const shut = (but) => $$("details.drop[open]").forEach((d) => { if (!but || !d.contains(but)) d.open = false; });
  doc.addEventListener("click", (e) => shut(e.target));
  doc.addEventListener("toggle", (e) => {
    const drop = e.target;
    if (!drop.open || !drop.matches("details.drop")) return;
    const panel = $(".drop-panel", drop);
    if (panel.getBoundingClientRect().right > innerWidth - 8) drop.classList.add("drop-end");
    const first = $("input:not([type=hidden]), select, textarea", panel);
    if (first) first.focus();
  }, true);

  /* copy */
  doc.addEventListener("click", async (e) => {
    const el = e.target.closest("[data-copy]");
    if (!el) return;
    try {
      await navigator.clipboard.writeText(el.dataset.copy);
      say(words.copied, true);
    } catch { say(words.failed); }
  });

  /* a choice that shows only the fields that go with it */
  const show_for = (form, value) => $$("[data-for]", form).forEach((el) => { el.hidden = !el.dataset.for.split(" ").includes(value); });
  doc.addEventListener("change", ({ target }) => {
    const form = target.form;
    if (form && form.dataset.shows === target.name) show_for(form, target.value);
  });
  $$("form[data-shows]").forEach((form) => show_for(form, form.elements[form.dataset.shows].value));

  /* questions that are asked only after certain answers to an earlier one */
  const ask = () => $$("[data-only-if]").forEach((el) => {
    const [name, ...wanted] = el.dataset.onlyIf.split(" ");
    el.hidden = !$$(`[name="${name}"]:checked, [name="${name}"] :checked`).some((i) => wanted.includes(i.value) && !i.closest("[hidden]"));
  });
  const count = () => $$("[data-answered]").forEach((form) => {
    const asked = $$(".ask", form).filter((el) => !el.hidden), bar = $$("progress", form)[0];
    bar.max = asked.length;
    bar.value = asked.filter((el) => $$("input:checked", el).length || $$("textarea", el).some((t) => t.value.trim())).length;
    $$("[data-count]", form)[0].textContent = `${bar.value} / ${bar.max}`;
  });
  for (const when of ["change", "input"]) doc.addEventListener(when, () => { ask(); count(); });
  ask();
  count();

  /* keys */
  const single = (on) => {
    if (on !== undefined) kept.keys = on ? "on" : "off";
    return !doc.documentElement.classList.toggle("no-keys", kept.keys === "off");
  };
  single();
  const press = (el) => {
    if (el.matches("input, textarea, select")) { el.focus(); if (el.select) el.select(); } else el.click();
  };
  const keyed = (name, root = doc) => $$(`[data-key~="${CSS.escape(name)}"]`, root).find((el) => seen(el) && !el.disabled);
  const move = (step) => {
    const links = $$("[data-rows] tbody tr, [data-rows] > li").filter(seen).map((row) => $("a[href]", row)).filter(Boolean);
    if (!links.length) return;
    const at = links.findIndex((a) => a.closest("tr, li").contains(doc.activeElement));
    links[Math.max(0, Math.min(links.length - 1, at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step))].focus();
  };
  const signs = { "mod+enter": "Ctrl ↵", ArrowLeft: "←", ArrowRight: "→", PageUp: "PgUp", PageDown: "PgDn" };
  const named = (el) => {
    const copy = el.cloneNode(true);
    $$("kbd, .sr", copy).forEach((k) => k.remove());
    return el.dataset.keyLabel || el.ariaLabel || copy.textContent.trim();
  };
  const key_list = () => {
    const box = make("dialog", "keys");
    const list = make("dl");
    const row = (keys, text) => {
      const dt = make("dt");
      keys.forEach((k) => dt.append(make("kbd", "", signs[k] || k), " "));
      list.append(dt, make("dd", "", text));
    };
    $$("[data-key]").filter(seen).forEach((el) => row(el.dataset.key.split(" "), named(el)));
    if ($("[data-rows]")) row(["j", "k"], words.rows);
    row(["?"], words.help);
    const foot = make("div", "keys-foot");
    const label = make("label");
    const tick = Object.assign(make("input"), { type: "checkbox", checked: single() });
    tick.onchange = () => single(tick.checked);
    label.append(tick, words.single);
    const close = Object.assign(make("button", "", words.close), { type: "button", onclick: () => box.close() });
    foot.append(label, close);
    const head = Object.assign(make("h2", "", words.keys), { id: "keys-head" });
    box.setAttribute("aria-labelledby", "keys-head");
    box.append(head, list, foot);
    box.onclose = () => box.remove();
    doc.body.append(box);
    box.showModal();
  };
  doc.addEventListener("click", (e) => { if (e.target.closest("[data-keys]")) { shut(); key_list(); } });
  doc.addEventListener("keydown", (e) => {
    if (e.defaultPrevented || e.isComposing || $("dialog[open]")) return;
    const act = () => e.preventDefault();
    if (e.key === "Escape") {
      const open = $("details.drop[open]");
      if (open) { shut(); $("summary", open).focus(); }
      return;
    }
    if ((e.ctrlKey || e.metaKey) && e.key === "Enter") {
      const form = e.target.closest("form");
      const el = (form && keyed("mod+enter", form)) || keyed("mod+enter");
      if (el) act(press(el));
      return;
    }
    if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input, textarea, select, [contenteditable]")) return;
    if (e.key.length === 1 && !single()) return;
    const el = keyed(e.key);
    if (el) act(press(el));
    else if (e.key === "?") act(key_list());
    else if (e.key === "j" || e.key === "k") act(move(e.key === "j" ? 1 : -1));
  });

  /* in a long list of choices the first letters of the pinyin choose */
  let letters = "", lately = 0;
  doc.addEventListener("keydown", (e) => {
    const { target: list, key } = e;
    if (e.ctrlKey || e.metaKey || e.altKey || !/^[a-z\d]$/i.test(key) || !list.options || !$("[data-py]", list)) return;
    letters = (e.timeStamp - lately < 1200 ? letters : "") + key.toLowerCase();
    lately = e.timeStamp;
    const found = $$("[data-py]", list).find((one) => one.dataset.py.startsWith(letters));
    if (!found) return;
    e.preventDefault();
    found.selected = true;
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });

  /* a line of values: Enter goes on to the next field, from the last one to the next line while this one is saved */
  doc.addEventListener("keydown", (e) => {
    const form = e.key === "Enter" && !e.isComposing && e.target.matches("input") && e.target.closest("form[data-walk]");
    if (!form) return;
    const boxes = $$("input:not([type=hidden])", form);
    const next = boxes[boxes.indexOf(e.target) + 1];
    e.preventDefault();
    if (next) { press(next); return; }
    form.requestSubmit();
    const lines = $$("form[data-walk]");
    const line = lines[lines.indexOf(form) + 1];
    if (line) press($("input:not([type=hidden])", line));
  });

  /* uploads: one request a file, with its own bar */
  const upload = (form) => {
    const zone = $("[data-drop]", form);
    const inputs = $$("input[type=file]", zone);
    const list = $(".upload-list", zone);
    const sum = $(".upload-sum", zone);
    const items = [];
    let busy = false;

    const tell = () => {
      const good = items.filter((i) => i.state === "good").length;
      sum.textContent = items.length ? words.summary.replace("{done}", good).replace("{total}", items.length) : "";
      if (items.some((i) => i.state === "waiting" || i.state === "sending")) form.dataset.dirty = "1";
      else delete form.dataset.dirty;
    };
    const leave = () => {
      const to = form.dataset.done || (items.length === 1 && form.dataset.went);
      if (to && items.length && items.every((i) => i.state === "good")) location.assign(to);
    };
    const show = (item, state, text) => {
      item.state = state;
      item.row.className = state;
      item.said.textContent = text;
      item.bar.hidden = state !== "sending";
      item.act.hidden = state === "sending" || state === "good";
      item.out.hidden = state !== "bad" || item.dead;
      item.act.textContent = state === "bad" && !item.dead ? words.retry : words.remove;
      tell();
    };
    const add = (file) => {
      if (items.some((i) => i.file.name === file.name && i.file.size === file.size && i.file.lastModified === file.lastModified)) {
        say(words.twice.replace("{name}", () => file.name));
        return;
      }
      const item = { file, n: (add.n = (add.n || 0) + 1), row: make("li"), said: make("span", "state"), bar: make("progress"), act: make("button", "link"), out: make("button", "link", words.remove) };
      const max = Number(zone.dataset.max);
      item.dead = max > 0 && file.size > max;
      item.bar.max = 1;
      item.bar.setAttribute("aria-label", file.name);
      item.act.type = item.out.type = "button";
      item.act.onclick = () => {
        if (item.state === "bad" && !item.dead) { show(item, "waiting", words.waiting); run(); } else item.out.onclick();
      };
      item.out.onclick = () => {
        items.splice(items.indexOf(item), 1);
        item.row.remove();
        tell();
        leave();
      };
      const tail = make("span");
      tail.append(item.said, " ", item.act, " ", item.out);
      item.row.append(make("span", "upload-name", file.name), tail, item.bar);
      list.append(item.row);
      items.push(item);
      show(item, item.dead ? "bad" : "waiting", item.dead ? words.big : words.waiting);
    };
    const send = (item) => new Promise((next) => {
      const data = new FormData(form);
      inputs.forEach((i) => data.delete(i.name));
      data.append(inputs[0].name, item.file);
      const key = data.get("idempotency_key");
      // The same file tried again is the same record.
      if (key) data.set("idempotency_key", `${key}.${item.n}`);
      const xhr = new XMLHttpRequest();
      xhr.open("POST", form.getAttribute("action") || location.href);
      xhr.setRequestHeader("HX-Request", "true");
      xhr.setRequestHeader("X-CSRF-Token", data.get("csrf_token"));
      xhr.upload.onprogress = (e) => {
        item.bar.value = e.loaded / e.total;
        item.said.textContent = e.loaded < e.total ? `${words.uploading} ${Math.floor((100 * e.loaded) / e.total)}%` : words.checking;
      };
      xhr.onloadend = () => {
        if (sent_away(xhr)) return;
        if (xhr.status >= 200 && xhr.status < 300) {
          form.dataset.went = xhr.getResponseHeader("HX-Redirect") || "";
          show(item, "good", words.done);
          const result = parse(xhr.responseText);
          if (result.textContent.trim()) item.said.replaceChildren(...result.childNodes);
        } else {
          show(item, "bad", reason(xhr));
          if ("say" in form.dataset) say(reason(xhr));
        }
        next();
      };
      show(item, "sending", words.uploading);
      xhr.send(data);
    });
    const run = async () => {
      if (busy) return;
      busy = true;
      buttons(form, true);
      for (let item; (item = items.find((i) => i.state === "waiting"));) await send(item);
      busy = false;
      buttons(form, false);
      form.dispatchEvent(new CustomEvent("uploaded", { bubbles: true }));
      leave();
    };
    const take = (files) => { [...files].forEach(add); if ("now" in form.dataset) run(); };

    inputs.forEach((input) => { input.addEventListener("change", () => { take(input.files); input.value = ""; }); });
    zone.addEventListener("dragover", (e) => { e.preventDefault(); zone.classList.add("over"); });
    zone.addEventListener("dragleave", () => zone.classList.remove("over"));
    zone.addEventListener("drop", (e) => { e.preventDefault(); zone.classList.remove("over"); take(e.dataTransfer.files); });
    form.addEventListener("submit", (e) => {
      if (!items.length) return;
      e.preventDefault();
      e.stopPropagation();
      // The button may stand a screen below the files: what becomes of them is told there.
      sum.scrollIntoView({ block: "center" });
      run();
    });
  };

  /* the viewer: fit, zoom, turn, page by page */
  let viewer_do = () => {};
  const viewer = (root) => {
    const stage = $(".sheet-stage", root);
    const img = $(".sheet-image", stage);
    if (!img) return;
    const marks = $(".sheet-marks", stage);
    let page = img.closest(".sheet-page");
    if (!page) {
      page = make("div", "sheet-page");
      img.before(page);
      page.append(img);
    }
    const turns = new Map();
    const thumbs = $$(".thumb", root);
    let fit = "fit";
    let scale = 1;
    const now = () => Math.max(0, thumbs.findIndex((t) => t.hasAttribute("aria-current")));
    const lay = () => {
      if (!img.naturalWidth) return;
      const turn = turns.get(now()) || 0;
      const flat = [img.naturalWidth, img.naturalHeight];
      const [w, h] = turn % 2 ? [flat[1], flat[0]] : flat;
      const [boxw, boxh] = [stage.clientWidth - 32, stage.clientHeight - 32];
      if (fit === "fit") scale = Math.min(boxw / w, boxh / h);
      if (fit === "width") scale = boxw / w;
      Object.assign(page.style, { width: `${w * scale}px`, height: `${h * scale}px` });
      Object.assign(img.style, { width: `${flat[0] * scale}px`, height: `${flat[1] * scale}px` });
      img.className = `sheet-image turn-${turn}`;
      if (marks) {
        Object.assign(marks.style, { width: img.style.width, height: img.style.height });
        marks.setAttribute("class", `sheet-marks turn-${turn}`);
      }
    };
    const go = (n) => {
      const to = thumbs[n];
      if (!to || n === now()) return;
      thumbs.forEach((t) => t.removeAttribute("aria-current"));
      to.setAttribute("aria-current", "true");
      to.scrollIntoView({ block: "nearest", inline: "nearest" });
      $("[data-at]", root).textContent = n + 1;
      stage.setAttribute("aria-busy", "true");
      img.alt = $("span", to).textContent;
      img.src = to.dataset.image;
      $$("g", marks || page).forEach((g) => g.setAttribute("display", +g.dataset.page === n + 1 ? "inline" : "none"));
      stage.scrollTo(0, 0);
      history.replaceState(history.state, "", to.href);
    };
    const zoom = (by) => { fit = ""; scale = Math.max(0.05, Math.min(8, scale * by)); lay(); };
    const turn = (by) => { turns.set(now(), ((turns.get(now()) || 0) + by) % 4); lay(); };
    const can = {
      next: () => go(now() + 1), prev: () => go(now() - 1), in: () => zoom(1.25), out: () => zoom(0.8),
      fit: () => { fit = "fit"; lay(); }, width: () => { fit = "width"; lay(); }, turn: () => turn(1), back: () => turn(3),
    };
    viewer_do = (what) => can[what]();
    img.addEventListener("load", () => { stage.removeAttribute("aria-busy"); lay(); });
    img.addEventListener("error", () => { stage.removeAttribute("aria-busy"); say(words.failed); });
    thumbs.forEach((t, n) => t.addEventListener("click", (e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      go(n);
    }));
    stage.addEventListener("wheel", (e) => { if (e.ctrlKey) { e.preventDefault(); zoom(e.deltaY < 0 ? 1.1 : 0.9); } }, { passive: false });
    stage.addEventListener("pointermove", (e) => { if (e.buttons === 1 && e.pointerType === "mouse") stage.scrollBy(-e.movementX, -e.movementY); });
    img.draggable = false;
    new ResizeObserver(lay).observe(stage);
    lay();
  };
  doc.addEventListener("click", (e) => {
    const el = e.target.closest("[data-do]");
    if (el) viewer_do(el.dataset.do);
    if (e.target.closest("[data-print]")) print();
  });

  /* scanning: the camera, where the browser itself reads codes */
  const scan = async (input) => {
    const box = make("dialog", "scanner");
    const video = Object.assign(make("video"), { muted: true, playsInline: true });
    const close = Object.assign(make("button", "button", words.close), { type: "button", onclick: () => box.close() });
    let stream;
    box.onclose = () => {
      if (stream) stream.getTracks().forEach((track) => track.stop());
      box.remove();
    };
    box.append(video, close);
    doc.body.append(box);
    box.showModal();
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      if (!box.open) { box.onclose(); return; }
      video.srcObject = stream;
      await video.play();
      const reader = new BarcodeDetector();
      while (box.open) {
        const [code] = await reader.detect(video);
        if (code) {
          input.value = code.rawValue;
          box.close();
          input.form.requestSubmit();
        } else await new Promise((next) => { setTimeout(next, 150); });
      }
    } catch {
      if (box.open) say(words.camera);
      box.close();
    }
  };
  doc.addEventListener("click", (e) => {
    const el = e.target.closest("[data-camera]");
    if (el) scan(doc.getElementById(el.dataset.camera));
  });

  /* signing with a finger or the mouse: white paper, so that the picture needs no ground */
  const sign = (root) => {
    const pad = $("canvas", root);
    const field = doc.getElementById(root.dataset.sign);
    const pen = pad.getContext("2d");
    const drawn = $('input[name="means"][value="drawn"]', field.form);
    let last = null;
    const clear = () => {
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, pad.width, pad.height);
      field.value = "";
    };
    const at = (e) => {
      const box = pad.getBoundingClientRect();
      return [((e.clientX - box.left) * pad.width) / box.width, ((e.clientY - box.top) * pad.height) / box.height];
    };
    pad.addEventListener("pointerdown", (e) => {
      e.preventDefault();
      pad.setPointerCapture(e.pointerId);
      last = at(e);
    });
    pad.addEventListener("pointermove", (e) => {
      if (!last) return;
      const to = at(e);
      Object.assign(pen, { lineWidth: 3, lineCap: "round", strokeStyle: "#1c2530" });
      pen.beginPath();
      pen.moveTo(...last);
      pen.lineTo(...to);
      pen.stroke();
      last = to;
    });
    ["pointerup", "pointercancel"].forEach((name) => pad.addEventListener(name, () => {
      if (!last) return;
      last = null;
      field.value = pad.toDataURL("image/png");
      if (drawn) drawn.checked = true;
    }));
    $("[data-sign-clear]", root).addEventListener("click", clear);
    clear();
  };

  /* a row dragged to another place of its table: the place is typed and sent */
  let dragged = null;
  const dropOn = (e) => dragged && e.target.closest && e.target.closest("[data-drag]");
  doc.addEventListener("dragstart", (e) => { dragged = e.target.closest ? e.target.closest("[data-drag]") : null; });
  doc.addEventListener("dragover", (e) => { if (dropOn(e)) e.preventDefault(); });
  doc.addEventListener("drop", (e) => {
    const row = dropOn(e);
    if (!row || row === dragged) return;
    e.preventDefault();
    const place = $("[name=position]", dragged);
    place.value = [...row.parentNode.children].indexOf(row) + 1;
    place.form.requestSubmit($("button", place.form));
  });

  /* what a page or a swapped fragment brings */
  const wake = (root) => {
    const fresh = (css) => [root, ...$$(css, root)].filter((el) => el.matches && el.matches(css) && !el.dataset.awake);
    fresh("form[data-upload]").forEach((f) => { f.dataset.awake = "1"; upload(f); });
    fresh("[data-sign]").forEach((s) => { s.dataset.awake = "1"; sign(s); });
    fresh("[data-viewer]").forEach((v) => { v.dataset.awake = "1"; viewer(v); });
    if ("BarcodeDetector" in window && navigator.mediaDevices) $$("[data-camera]", root).forEach((b) => { b.hidden = false; });
    fresh("form[data-guard]").forEach((f) => { if ($(".has-error", f)) f.dataset.dirty = "1"; });
    const wrong = $(".error-summary", root);
    if (wrong) wrong.focus();
  };
  doc.addEventListener("htmx:load", (e) => { if (e.detail.elt !== doc.body) wake(e.detail.elt); });
  wake(doc.body);
})();
