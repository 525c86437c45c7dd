// All custom behaviour of the pages. No framework; every feature is an
// enhancement of a page that already works with links and forms.
(() => {
  "use strict";
  const $ = (sel, el = document) => el.querySelector(sel);
  const $$ = (sel, el = document) => [...el.querySelectorAll(sel)];
  const say = (text) => { const el = $("#announce"); if (el) el.textContent = text; };

  /* ---- dialogs, copying, the switch for single keys ------------------------ */
  const keysOff = () => localStorage.getItem("rr-keys") === "off";
  const showKeys = () => $$("[data-keys-state]").forEach((el) => { el.textContent = keysOff() ? "off" : "on"; });
  async function copy(text, what) {
    try { await navigator.clipboard.writeText(text); say(`${what} copied`); }
    catch { say("Copying is not possible here; select the text instead"); }
  }
  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (!dialog?.showModal || dialog.open) return false;
    dialog.showModal();
    return true;
  }
  document.addEventListener("click", (event) => {
    const el = event.target.closest("[data-open], [data-copy], [data-copy-from], [data-switch-keys]");
    if (!el) return;
    if (el.dataset.open && openDialog(el.dataset.open)) event.preventDefault();
    if (el.dataset.copy) copy(el.dataset.copy, "Reference");
    if (el.dataset.copyFrom) copy($(el.dataset.copyFrom)?.textContent ?? "", "Text");
    if ("switchKeys" in el.dataset) { localStorage.setItem("rr-keys", keysOff() ? "on" : "off"); showKeys(); }
  });
  showKeys();

  /* ---- details: menus close on outside click and Escape; a link to one opens it ---- */
  document.addEventListener("click", (event) => {
    $$("details.menu[open]").forEach((d) => { if (!d.contains(event.target)) d.open = false; });
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    $$("details.menu[open]").forEach((d) => { d.open = false; $("summary", d).focus(); });
  });
  const FIELDS = "input:not([type=hidden]), select, textarea";
  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let around = target?.closest("details"); around; around = around.parentElement.closest("details")) around.open = true;
    if (target?.matches("details")) $(FIELDS, target)?.focus();
    else if (target?.hasAttribute("tabindex")) target.focus();
  }
  addEventListener("hashchange", openTarget);
  openTarget();
  // What is wrong comes first, wherever on the page its form stands; after the browser went to the place in the address.
  addEventListener("load", () => setTimeout(() => $(".error-summary")?.focus()));
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href*="#"]');
    if (!link || link.origin !== location.origin || link.pathname !== location.pathname) return;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target?.matches("details")) return;
    event.preventDefault();
    history.pushState(null, "", link.hash);
    target.scrollIntoView({ block: "center" });
    openTarget();
  });

  /* ---- a form is sent once: a double click is one click, and a sent form has no buttons ---- */
  const UNSENT = 10_000; // milliseconds after which a form that led nowhere can be sent again
  function lock(form, on) {
    $$("button:not([type=button]), input[type=submit]", form).forEach((button) => { button.disabled = on; });
  }
  document.addEventListener("click", (event) => {
    if (event.detail > 1 && event.target.closest("form[method=post] [type=submit]")) event.preventDefault();
  }, true);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    setTimeout(() => lock(form, true)); // after the browser has noted which button was pressed
    setTimeout(() => lock(form, false), UNSENT);
  });
  addEventListener("pageshow", (event) => { if (event.persisted) $$("form[method=post]").forEach((form) => lock(form, false)); });

  /* ---- row cursor: real focus moves to the row's link; where a list opens its rows, the marked one is the open one ---- */
  const rows = () => $$("[data-row]");
  let opening = false, ahead = 0; // steps asked for while a row is being opened
  const isBusy = () => opening || $("#main")?.hasAttribute("aria-busy");
  function moveCursor(step) {
    if (isBusy()) { if (opening) ahead += step; return; }
    const list = rows();
    if (!list.length) return;
    const from = list.findIndex((r) => r.classList.contains("is-cursor"));
    const to = Math.max(0, Math.min(list.length - 1, from < 0 ? 0 : from + step));
    if (to !== from && list[to].closest("[data-opens]")) { open($("a", list[to])); return; }
    list.forEach((r, i) => r.classList.toggle("is-cursor", i === to));
    $("a", list[to]).focus();
  }
  async function open(link) {
    if (!window.htmx) { location.href = link.href; return; }
    opening = true;
    try {
      await htmx.ajax("GET", link.href.split("#")[0], { target: "#main", select: "#main", swap: "outerHTML", push: "true" });
    } finally {
      opening = false;
      const steps = ahead;
      ahead = 0;
      if (steps) moveCursor(steps);
    }
  }

  /* ---- keyboard: single keys, off in fields, off by choice (WCAG 2.1.4). They act on what is shown: while something
     else is being opened they do nothing. A key that needs more input goes to the first field of its form. ---- */
  function follow(el) {
    const needed = el.dataset.needs ? document.getElementById(el.dataset.needs) : null;
    if (needed && !needed.value) { needed.focus(); say("Choose first"); return; }
    if (el.matches("summary")) { el.parentElement.open = true; ($(FIELDS, el.parentElement) ?? el).focus(); return; }
    el.matches("input, select, textarea") ? el.focus() : el.click();
  }
  let chord = 0;
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      if (openDialog("palette")) event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (keysOff() || $("dialog[open]")) return;
    if (event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (chord && Date.now() - chord < 1200) {
      chord = 0;
      const link = $(`[data-go="${CSS.escape(key)}"]`);
      if (link) { event.preventDefault(); location.href = link.href; }
      return;
    }
    const run = {
      g: () => { chord = Date.now(); },
      j: () => moveCursor(1),
      k: () => moveCursor(-1),
      x: () => tick(event.shiftKey),
      "?": () => openDialog("shortcuts"),
    }[key];
    const marked = run || isBusy() || event.repeat ? null : $(`[data-key="${CSS.escape(key)}"]`);
    if (!run && !marked) return;
    event.preventDefault();
    run ? run() : follow(marked);
  });

  /* ---- ticking rows: X ticks the marked one, with Shift all between; the bar is there once one is, and says how many ---- */
  const ticks = () => $$('input[form="bulk"]');
  let lastTick = null;
  function countTicks() {
    const bar = $("#bulk"), el = $("[data-ticked]"), n = ticks().filter((box) => box.checked).length;
    if (el) el.textContent = `${n} ticked:`;
    if (!bar) return;
    bar.hidden = !n;
    bar.classList.toggle("is-live", n > 0);
  }
  function tick(range) {
    const box = $('.is-cursor input[form="bulk"]');
    if (!box) return;
    const all = ticks(), here = all.indexOf(box), from = range ? all.indexOf(lastTick) : -1;
    if (from < 0) box.checked = !box.checked;
    else all.slice(Math.min(from, here), Math.max(from, here) + 1).forEach((each) => { each.checked = true; });
    lastTick = box;
    countTicks();
  }
  document.addEventListener("change", (event) => { if (event.target.matches?.('input[form="bulk"]')) { lastTick = event.target; countTicks(); } });
  countTicks();

  /* ---- at a case: say that one is still here, learn who else is, and keep what is written until it is sent ---- */
  const BEAT = 30_000, PAUSE = 1_500; // milliseconds
  const place = $("[data-here]"), token = () => $("input[name=csrfmiddlewaretoken]")?.value ?? "";
  const send = (url, fields) => fetch(url, { method: "POST", headers: { "X-CSRFToken": token() }, body: new URLSearchParams(fields) });
  const isDraft = (form) => form?.matches?.("form.act__form") && form.closest("details[id]");
  const formName = (form) => form.closest("details[id]").id;
  function written(form) {
    const told = {};
    for (const [name, value] of new FormData(form)) {
      const secret = form.elements[name]?.type === "password" || name === "csrfmiddlewaretoken" || name === "seen";
      if (typeof value === "string" && !secret) (told[name] ??= []).push(value);
    }
    return told;
  }
  async function beat() {
    if (document.hidden) return;
    const form = document.activeElement?.closest?.("form.act__form");
    try {
      const answer = await send(place.dataset.here, { writing: form ? $("summary", form.parentElement)?.textContent.trim() ?? "" : "" });
      if (!answer.ok || answer.redirected) return;
      const text = (await answer.text()).trim();
      if (text !== place.innerHTML.trim()) place.innerHTML = text;
    } catch { /* offline: the next beat tells */ }
  }
  const waiting = new Map(), began = new Map();
  async function keep(form) {
    waiting.delete(form);
    const told = written(form);
    const fields = JSON.stringify(told) === began.get(form) ? "{}" : JSON.stringify(told);
    try { await send(place.dataset.keep, { form: formName(form), fields }); } catch { /* offline: the text is still in the form */ }
  }
  function restore(form, draft) {
    for (const [name, values] of Object.entries(draft.fields)) {
      $$(`[name="${CSS.escape(name)}"]`, form).forEach((el) => {
        if (el.matches("[type=checkbox], [type=radio]")) el.checked = values.includes(el.value);
        else if (el.type !== "hidden" && el.type !== "file") el.value = values[0] ?? "";
      });
    }
    const note = document.createElement("p");
    note.className = "small soft";
    note.textContent = `Your draft of ${new Date(draft.saved_at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}. `;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "btn btn--sm";
    drop.textContent = "Drop it";
    drop.addEventListener("click", () => { clearTimeout(waiting.get(form)); form.reset(); note.remove(); keep(form); });
    note.append(drop);
    form.prepend(note);
  }
  async function restoreAll() {
    const forms = $$("form.act__form").filter(isDraft);
    forms.forEach((form) => began.set(form, JSON.stringify(written(form))));
    try {
      const answer = await fetch(place.dataset.drafts, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) return;
      const { drafts } = await answer.json();
      forms.forEach((form) => { if (drafts[formName(form)] && !$(".error-summary", form)) restore(form, drafts[formName(form)]); });
    } catch { /* offline: nothing to restore */ }
  }
  if (place) {
    setInterval(beat, BEAT);
    restoreAll();
    document.addEventListener("input", (event) => {
      const form = event.target.closest?.("form.act__form");
      if (!isDraft(form)) return;
      clearTimeout(waiting.get(form));
      waiting.set(form, setTimeout(() => keep(form), PAUSE));
    });
    document.addEventListener("submit", (event) => clearTimeout(waiting.get(event.target)));
  }

  /* ---- section nav: mark the section in view -------------------------------------- */
  const links = $$('.subnav a[href^="#"]');
  if (links.length && "IntersectionObserver" in window) {
    const seen = new IntersectionObserver((entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        links.forEach((a) => a.hash === `#${entry.target.id}` ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current"));
      }
    }, { rootMargin: "-20% 0px -70% 0px" });
    links.forEach((a) => { const s = document.getElementById(a.hash.slice(1)); if (s) seen.observe(s); });
  }

  /* ---- htmx: say what is loading and what came; keep the focus where it was --------------- */
  const target = (event) => event.detail?.ctx?.target;
  const sent = (event) => { const form = event.detail?.ctx?.sourceElement; return form?.matches?.("form[method=post]") ? form : null; };
  document.addEventListener("htmx:before:request", (event) => {
    const part = target(event);
    part?.setAttribute?.("aria-busy", "true");
    if (part?.contains?.(document.activeElement)) event.detail.ctx.within = part.id;
    if (sent(event)) lock(sent(event), true);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    $$("[aria-busy]").forEach((el) => el.removeAttribute("aria-busy"));
    if (sent(event)) lock(sent(event), false);
    countTicks();
    const swapped = target(event); // a part that stays in place speaks for itself, not for the rest of the page
    const told = swapped?.isConnected ? $("[data-say]", swapped) : $("[data-say]");
    if (told) say(told.textContent.trim());
    const wrong = $("#main .error-summary");
    if (swapped?.id === "main") (wrong ?? $("[data-row].is-cursor a"))?.focus();
    else if (document.activeElement === document.body && event.detail.ctx.within) {
      $(FIELDS, document.getElementById(event.detail.ctx.within) ?? document.createElement("p"))?.focus();
    }
  });
})();
