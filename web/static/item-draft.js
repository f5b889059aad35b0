// Nothing typed gets lost: an unfinished form goes to the server every ten seconds when it changed (never into the
// browser's own store, office computers are shared), and leaving with something not yet kept asks first.

const EVERY = 10000;

export function keepSafe(form) {
  const url = form.dataset.draft;
  const told = form.querySelector("[data-kept]");
  let changed = false;
  let sent = false;
  const say = (sentence, bad) => {
    told.textContent = sentence;
    told.classList.toggle("bad", Boolean(bad));
  };
  const keep = async (leaving) => {
    if (!url || !changed || sent) return;
    changed = false;
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") body.append(name, value);
    }
    try {
      const answer = await fetch(url, { method: "POST", body, credentials: "same-origin", keepalive: leaving });
      const found = answer.headers.get("Content-Type").includes("json") ? await answer.json() : {};
      if (!answer.ok) throw new Error(answer.status === 401 ? "登录已过期，请在新窗口登录后再继续" : found.error || "");
      say(found.saved ? `已自动保存 ${found.saved}` : "");
    } catch (error) {
      changed = true;
      say(`还没有自动保存：${error.message && !(error instanceof TypeError) ? error.message : "暂时连不上，稍后再试"}`, true);
    }
  };
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { sent = true; });
  setInterval(() => keep(false), Number(form.dataset.every) || EVERY);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep(true);
  });
  for (const link of form.querySelectorAll("[data-leave]")) {
    link.addEventListener("click", async (event) => {
      if (!changed || !url) return;
      event.preventDefault();
      await keep(false);
      location.href = link.href;
    });
  }
  window.addEventListener("beforeunload", (event) => {
    if (changed && !sent) {
      event.preventDefault();
      event.returnValue = "";
    }
  });
}
