// Redraws the comments when they change, so that a decision can be watched. Without it the page
// shows the same after a reload.
"use strict";

// What is being pressed stays: drawn anew in between, it would not know of its click.
let pressing = false;
addEventListener("pointerdown", () => (pressing = true), true);
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => (pressing = false), true);

const busy = () =>
  pressing ||
  document.hidden ||
  document.querySelector("#form, report-comment") ||
  [...document.querySelectorAll("#comments textarea")].some(
    (box) => box.value !== box.defaultValue || box === document.activeElement,
  ) ||
  document.activeElement?.id === "reader";

async function look() {
  if (busy()) return;
  const { version } = await (await fetch("/paper/version")).json();
  if (String(version) === document.body.dataset.version) return;
  const html = await (await fetch(location.href)).text();
  if (busy()) return;
  const fresh = new DOMParser().parseFromString(html, "text/html");
  const focused = document.activeElement?.getAttribute("href");
  for (const part of ["#comments", "#demo", ".byline"]) {
    document.querySelector(part).replaceWith(fresh.querySelector(part));
  }
  document.body.dataset.version = fresh.body.dataset.version;
  if (focused) document.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
}

setInterval(() => look().catch(() => {}), 1500);
