// Review by keyboard: J and K go on and back, R goes to the remark, Ctrl+Enter approves. Typing is never taken for a key.

const places = new Map(Array.from(document.querySelectorAll("[data-key]"), (place) => [place.dataset.key, place]));

function named(event) {
  if (event.altKey || event.metaKey) return "";
  if (event.ctrlKey) return event.key === "Enter" ? "ctrl+enter" : "";
  const typing = event.target.matches("input, textarea, select");
  return typing ? "" : event.key.toLowerCase();
}

document.addEventListener("keydown", (event) => {
  if (event.repeat) return;
  const place = places.get(named(event));
  if (!place) return;
  // A remark that was begun must not be lost by approving.
  const remark = places.get("r");
  if (place.dataset.key === "ctrl+enter" && remark && remark.value.trim()) {
    remark.focus();
    return;
  }
  event.preventDefault();
  // What settles comments as well is only brought under the finger: Enter then does it.
  if (place.matches("textarea, [data-ask]")) place.focus();
  else place.click();
});
