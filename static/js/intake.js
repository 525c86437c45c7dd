// Files on the page that adds material: drop them anywhere in their box, see what was chosen, hear of limits before
// anything is sent. Without this script the file field works as browsers have it.
(() => {
  "use strict";
  const zone = document.querySelector("[data-drop]");
  const input = zone?.querySelector("input[type=file]");
  if (!input || typeof DataTransfer === "undefined") return;
  const part = (name) => zone.querySelector(`[data-drop-${name}]`);
  const list = part("list"), trouble = part("trouble");
  const most = { files: +zone.dataset.filesMost, one: +zone.dataset.fileMost, all: +zone.dataset.bytesMost };
  const size = (bytes) => (bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
  part("hint").hidden = false;

  const choose = (files) => {
    const chosen = new DataTransfer();
    files.forEach((file) => chosen.items.add(file));
    input.files = chosen.files;
    show();
  };
  const wrong = () => {
    const files = [...input.files], total = files.reduce((sum, file) => sum + file.size, 0);
    if (files.length > most.files) return `At most ${most.files} files at a time; these are ${files.length}.`;
    if (total > most.all) return `At most ${size(most.all)} at a time; these are ${size(total)}.`;
    const large = files.find((file) => file.size > most.one);
    return large ? `${large.name} has ${size(large.size)}; a file has at most ${size(most.one)}.` : "";
  };
  function row(file, index) {
    const item = document.createElement("li"), name = document.createElement("span"), drop = document.createElement("button");
    name.textContent = `${file.name}, ${size(file.size)} `;
    Object.assign(drop, { type: "button", className: "btn btn--sm", textContent: "Remove" });
    drop.setAttribute("aria-label", `Remove ${file.name}`);
    drop.addEventListener("click", () => { choose([...input.files].filter((_, at) => at !== index)); input.focus(); });
    name.append(drop);
    item.append(name);
    return item;
  }
  function show() {
    list.replaceChildren(...[...input.files].map(row));
    list.hidden = !input.files.length;
    trouble.textContent = wrong();
    trouble.hidden = !trouble.textContent;
    const told = document.getElementById("announce");
    if (told) told.textContent = `${input.files.length} file${input.files.length === 1 ? "" : "s"} chosen`;
  }
  input.addEventListener("change", show);
  input.form.addEventListener("submit", (event) => {
    if (!wrong()) return;
    event.preventDefault();
    show();
    input.focus();
  });

  // A file that misses the box must not replace the page, and with it what was written.
  const carries = (event) => event.dataTransfer?.types.includes("Files");
  const over = (event, on) => zone.classList.toggle("is-over", on && zone.contains(event.target));
  addEventListener("dragover", (event) => { if (carries(event)) { event.preventDefault(); over(event, true); } });
  addEventListener("dragleave", (event) => over(event, false));
  addEventListener("drop", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    over(event, false);
    if (zone.contains(event.target)) choose([...input.files, ...event.dataTransfer.files]);
  });
})();
