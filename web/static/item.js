// The item form: only the fields of the chosen type are shown, and a single choice has one right letter.

const form = document.querySelector("[data-item-form]");
const type = form.querySelector("[name=type]");
const letters = Array.from(form.querySelectorAll("[name=letters]"));

function fit() {
  for (const part of form.querySelectorAll("[data-types]")) {
    part.hidden = !part.dataset.types.split(" ").includes(type.value);
  }
  for (const letter of letters) letter.type = type.value === "single" ? "radio" : "checkbox";
}

type.addEventListener("change", fit);
fit();

// Leaving with typed text asks first; sending the form does not.
let typed = false;
form.addEventListener("input", () => { typed = true; });
form.addEventListener("submit", () => { typed = false; });
window.addEventListener("beforeunload", (event) => {
  if (typed) {
    event.preventDefault();
    event.returnValue = "";
  }
});
