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
      "?": () => openDialog("shortcuts"),
    }[key];
    const marked = run || isBusy() || event.repeat ? null : $(`[data-key="${CSS.escape(key)}"]`);
    if (!run && !marked) return;
    event.preventDefault();
    run ? run() : follow(marked);
  });

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
