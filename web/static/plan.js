// The assembly form: only the part of the chosen kind of blueprint is shown; another bank brings its own figures.

const form = document.querySelector("[data-plan]");

function fit() {
  const chosen = form.querySelector("[name=plan]:checked");
  for (const part of form.querySelectorAll("[data-plans]")) part.hidden = !chosen || part.dataset.plans !== chosen.value;
}

form.addEventListener("change", (event) => {
  if (event.target.name === "plan") fit();
  if (event.target.name === "bank") {
    const kept = new URLSearchParams(new FormData(form));
    kept.delete("csrf_token");
    location.assign(`${location.pathname}?${kept}`);
  }
});
fit();
