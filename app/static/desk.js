/* The staging desk: which page a key means, dragging pages, the original beside the copy. The page works without it. */
(() => {
  "use strict";
  const $ = (css, root = document) => root.querySelector(css);
  const $$ = (css, root = document) => [...root.querySelectorAll(css)];

  /* a batch: tick everything on the page */
  document.addEventListener("click", (e) => {
    if (!e.target.closest("[data-select-all]")) return;
    const boxes = $$('[data-select] input[name="items"]');
    const on = !boxes.every((box) => box.checked);
    boxes.forEach((box) => { box.checked = on; });
  });

  const root = $("[data-desk]");
  const form = $("#describe");
  if (!root || !form) return;
  const thumbs = $$(".thumb", root);
  const current = () => thumbs.find((thumb) => thumb.hasAttribute("aria-current"));

  /* the buttons mean the page that lies open now */
  form.addEventListener("formdata", ({ formData }) => {
    const thumb = current();
    if (!thumb) return;
    if (formData.get("do") !== "place") formData.set("page", thumb.dataset.page);
    if (formData.get("do") === "out" && thumb.classList.contains("gone")) formData.set("do", "back");
    if (formData.get("do") === "back" && !thumb.classList.contains("gone")) formData.set("do", "out");
  });

  /* restored copy, original, or both */
  const image = $(".sheet-image", root);
  const beside = $(".beside", root);
  let view = new URLSearchParams(location.search).get("view") || "";
  const look = () => {
    const thumb = current();
    if (!thumb || !image) return;
    const wanted = view === "original" ? thumb.dataset.original : thumb.dataset.image;
    if (image.getAttribute("src") !== wanted) image.src = wanted;
    beside.hidden = view !== "both";
    const other = $("img", beside);
    if (other && !beside.hidden) other.src = thumb.dataset.original;
    $$("[data-view]", root).forEach((link) => link.setAttribute("aria-pressed", String(link.dataset.view === view)));
  };
  $$("[data-view]", root).forEach((link) => {
    link.setAttribute("role", "button");
    link.addEventListener("click", (e) => {
      e.preventDefault();
      view = view === link.dataset.view ? "" : link.dataset.view;
      look();
    });
  });
  const nav = $(".thumbs", root);
  if (nav) new MutationObserver(look).observe(nav, { subtree: true, attributeFilter: ["aria-current"] });
  look();

  /* a page dragged before another */
  const places = $$(".thumbs li", root);
  let dragged = null;
  places.forEach((li, place) => {
    li.addEventListener("dragstart", () => { dragged = li; });
    li.addEventListener("dragover", (e) => { if (dragged) { e.preventDefault(); li.classList.add("over"); } });
    li.addEventListener("dragleave", () => li.classList.remove("over"));
    li.addEventListener("drop", (e) => {
      e.preventDefault();
      li.classList.remove("over");
      if (!dragged || dragged === li) return;
      const staying = places.filter((one) => !$(".gone", one));
      const button = Object.assign(document.createElement("button"), { name: "do", value: "place", hidden: true });
      button.setAttribute("formaction", form.dataset.pages);
      button.formNoValidate = true;
      form.append(button);
      form.elements.page.value = $(".thumb", dragged).dataset.page;
      form.elements.to.value = staying.indexOf(li) + 1 || place + 1;
      form.requestSubmit(button);
    });
  });

  /* a kind of paper brings its class, level, period and title along */
  const types = JSON.parse(form.dataset.types || "{}");
  const made = () => Object.values(types).map((type) => type[3]);
  form.addEventListener("change", ({ target }) => {
    const type = target.name === "paper_type_id" && types[target.value];
    if (!type) return;
    ["category_id", "level", "period"].forEach((name, n) => { form.elements[name].value = type[n]; });
    const title = form.elements.title;
    if (!title.value || made().includes(title.value) || title.value === title.defaultValue) title.value = type[3];
  });

  /* out of a field to the page, and through the pages while typing */
  document.addEventListener("keydown", (e) => {
    if (!e.target.matches("#describe input, #describe select, #describe textarea")) return;
    if (e.key === "Escape" && !$("details.drop[open]")) $(".sheet-stage", root).focus();
    if (["PageUp", "PageDown"].includes(e.key)) {
      e.preventDefault();
      $(`[data-do="${e.key === "PageUp" ? "prev" : "next"}"]`, root).click();
    }
  });
})();
