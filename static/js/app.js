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
  function openTarget() {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target?.matches("details")) {
      target.open = true;
      $("input:not([type=hidden]), select, textarea", target)?.focus();
    }
  }
  addEventListener("hashchange", openTarget);
  openTarget();
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

  /* ---- row cursor: real focus moves to the row's link ------------------------ */
  const rows = () => $$("[data-row]");
  function moveCursor(step) {
    const list = rows();
    if (!list.length) return;
    const from = list.findIndex((r) => r.classList.contains("is-cursor"));
    const to = Math.max(0, Math.min(list.length - 1, from < 0 ? 0 : from + step));
    list.forEach((r, i) => r.classList.toggle("is-cursor", i === to));
    $("a", list[to]).focus();
  }

  /* ---- keyboard: single keys, off in fields, off by choice (WCAG 2.1.4) -------- */
  const follow = (el) => { if (el) el.matches("input, select, textarea, summary") ? el.focus() : el.click(); };
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
    const marked = run ? null : $(`[data-key="${CSS.escape(key)}"]`);
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

  /* ---- htmx: say what is loading and what came ---------------------------------------- */
  const target = (event) => event.detail?.ctx?.target;
  document.addEventListener("htmx:before:request", (event) => target(event)?.setAttribute?.("aria-busy", "true"));
  document.addEventListener("htmx:finally:request", (event) => {
    $$("[aria-busy]").forEach((el) => el.removeAttribute("aria-busy"));
    const swapped = target(event); // a part that stays in place speaks for itself, not for the rest of the page
    const told = swapped?.isConnected ? $("[data-say]", swapped) : $("[data-say]");
    if (told) say(told.textContent.trim());
    if (target(event)?.id === "main") $("[data-row].is-cursor a")?.focus();
  });
})();
