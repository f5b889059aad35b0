// The form of a question: only the fields of the chosen type are shown, a single choice has one right letter,
// points are found by typing. What asks the server lives in the modules beside this one.

import { keepSafe } from "./item-draft.js";
import { lookLive } from "./item-live.js";
import { palettes } from "./item-palette.js";
import { tables } from "./item-rows.js";

const form = document.querySelector("[data-item-form]");

for (const question of form.querySelectorAll("[data-question]")) {
  const type = question.querySelector(`[name="${question.dataset.prefix}type"]`);
  const letters = Array.from(question.querySelectorAll("[data-letter]"));
  const fit = () => {
    for (const part of question.querySelectorAll("[data-types]")) {
      part.hidden = !part.dataset.types.split(" ").includes(type.value);
    }
    for (const letter of letters) letter.type = type.value === "single" ? "radio" : "checkbox";
  };
  type.addEventListener("change", fit);
  fit();
  searchable(question.querySelector("[data-search] select"));
}

// A long list of points is narrowed by typing a part of code or name.
function searchable(select) {
  const all = Array.from(select.options);
  if (all.length < 12) return;
  const search = document.createElement("input");
  search.type = "search";
  search.className = "search";
  search.placeholder = "输入代码或名称查找";
  search.setAttribute("aria-label", "查找");
  search.autocomplete = "off";
  select.before(search);
  search.addEventListener("input", (event) => {
    event.stopPropagation();
    const chosen = select.value;
    const wanted = search.value.trim().toLowerCase();
    const found = all.filter((option) => !option.value || option.text.toLowerCase().includes(wanted));
    select.replaceChildren(...found);
    if (found.some((option) => option.value === chosen)) select.value = chosen;
    if (wanted && found.length === 2) select.value = found[1].value;
  });
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

tables(form);
palettes(form);
lookLive(form);
keepSafe(form);
