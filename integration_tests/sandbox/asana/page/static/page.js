// The pages work without this file; with it, filters and choices take effect at once, in place.
"use strict";

const form = document.querySelector("form.tools");

function address() {
  const given = [...new FormData(form)].filter(([, value]) => value);
  return `${form.action}?${new URLSearchParams(given)}`;
}

async function refresh() {
  const asked = address();
  const answer = await fetch(asked);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (asked !== address()) return; // typed on meanwhile
  for (const part of ["#results", "#count", "#sums", ".tabs"]) {
    const [old, next] = [document.querySelector(part), fresh.querySelector(part)];
    if (old && next) old.replaceWith(next);
  }
  history.replaceState(null, "", asked);
}

if (form) {
  const update = () => refresh().catch(() => form.submit());
  let waiting;
  document.documentElement.classList.add("live");
  for (const happening of ["input", "change"]) {
    form.addEventListener(happening, () => {
      clearTimeout(waiting);
      waiting = setTimeout(update, 200);
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    update();
  });
}
