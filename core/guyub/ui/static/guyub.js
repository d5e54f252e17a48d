// Conveniences only: every page works without this file.
(() => {
  "use strict";
  const $$ = (selector) => document.querySelectorAll(selector);

  document.documentElement.classList.add("has-script");

  // An open menu closes when the reader goes elsewhere.
  const menus = $$(".top details");
  const close = (except) => menus.forEach((menu) => { if (menu !== except) menu.open = false; });
  document.addEventListener("click", (event) => close(event.target.closest(".top details")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector(".top details[open]");
    if (open) { open.open = false; open.querySelector("summary").focus(); }
  });

  // An answer to a form is nowhere kept (no-store: others use this PC too), so Back and Reload ask for the page it stood on.
  const { here } = document.body.dataset;
  if (here) history.replaceState(null, "", here);

  // What went wrong is read out first.
  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();

  // Nothing is sent twice by an impatient hand.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 4000);
  });

  // A day in words beside its field: browsers write 02/12 in an order of their own.
  const lang = document.documentElement.lang === "en" ? "en-GB" : "id-ID";
  const words = (value, options) => new Intl.DateTimeFormat(lang, { timeZone: "UTC", ...options }).format(value);
  document.addEventListener("input", (event) => {
    const { id, type, value } = event.target;
    const said = ["date", "month"].includes(type) && document.querySelector(`[data-words="${CSS.escape(id)}"]`);
    if (!said) return;
    const day = new Date(`${type === "month" ? `${value}-01` : value}T00:00Z`);
    const month = { month: "long", year: "numeric" };
    if (Number.isNaN(day.getTime())) said.textContent = "";
    else if (type === "month") said.textContent = words(day, month);
    else said.textContent = `${words(day, { weekday: "long" })}, ${words(day, { day: "numeric", ...month })}`;
  });

  $$("[data-print]").forEach((button) => button.addEventListener("click", () => window.print()));

  $$("[data-copy]").forEach((button) => button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    const said = source.parentElement.querySelector("[data-copied]");
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.lastChild.textContent = said.textContent = said.dataset.copied;
    } catch {
      // Without TLS browsers give no clipboard: choosing the text is the next best.
      getSelection().selectAllChildren(source);
    }
  }));
})();
