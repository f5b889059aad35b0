// What every page shares: busy buttons, drop zones, and a sign of life while someone types.

const busy = document.querySelector(".busy");

function announce(text) {
  const started = Date.now();
  const tell = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    busy.textContent = seconds < 2 ? text : `${text} 已 ${seconds} 秒`;
  };
  tell();
  busy.hidden = false;
  setInterval(tell, 1000);
}

for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    // The pressed button's own name and value must still be sent, so it is only disabled after the form has gone.
    setTimeout(() => {
      for (const button of form.querySelectorAll("button")) button.disabled = true;
      announce(form.dataset.busy);
    });
  });
}

// The browser may bring a page back from memory, with its buttons still disabled.
window.addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});

for (const zone of document.querySelectorAll(".drop")) {
  const input = zone.querySelector("input[type=file]");
  const words = zone.querySelector("strong");
  const show = () => {
    const names = Array.from(input.files, (file) => file.name);
    if (names.length) words.textContent = names.join("、");
  };
  input.addEventListener("change", show);
  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", () => zone.classList.remove("over"));
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    input.files = event.dataTransfer.files;
    show();
  });
}

for (const select of document.querySelectorAll("select[data-go]")) {
  select.addEventListener("change", () => select.form.submit());
}

for (const box of document.querySelectorAll("input[data-all]")) {
  box.addEventListener("change", () => {
    for (const one of document.querySelectorAll(`input[name="${box.dataset.all}"]`)) one.checked = box.checked;
  });
}

const alive = document.body.dataset.alive;
let told = Date.now();
document.addEventListener("input", () => {
  if (!alive || Date.now() - told < 120000) return;
  told = Date.now();
  fetch(alive, { method: "GET", credentials: "same-origin" });
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.addEventListener("click", () => window.print());
}
