// What the server says while somebody types: how the question will look, and what in the bank is like it.

const COMPARED = /(^|-)(type|stem|option_[a-j]|letters|judge|blanks-accepted|answer|parameters)$/;

export function lookLive(form) {
  let question = form.querySelector("[data-question]");
  const asked = [];
  if (form.dataset.preview) asked.push(preview(form, () => question));
  if (form.dataset.alike) asked.push(alike(form, () => question));
  form.addEventListener("input", (event) => {
    question = event.target.closest("[data-question]") || question;
    for (const ask of asked) ask();
  });
  // What came back with the page, or was left unfinished, is looked at too.
  for (const ask of asked) ask();
}

function preview(form, question) {
  const list = document.querySelector("[data-preview-list]");
  const state = document.querySelector("[data-preview-state]");
  return asker(form, form.dataset.preview, 300, question, () => true, (answer) => {
    list.innerHTML = answer.html;
    state.textContent = "";
  }, (sentence) => { state.textContent = sentence; });
}

function alike(form, question) {
  const panel = document.querySelector("[data-alike-panel]");
  const list = document.querySelector("[data-alike-list]");
  const state = document.querySelector("[data-alike-state]");
  return asker(form, form.dataset.alike, 400, question, (name) => COMPARED.test(name), (answer) => {
    panel.hidden = !answer.made && !answer.html;
    list.innerHTML = answer.html;
    const same = answer.same ? `${answer.same} 道相同或近似` : "没有相同或近似的题";
    state.textContent = answer.made ? same : "";
  }, (sentence) => { state.textContent = sentence; });
}

// Asks after a pause in typing, once for each wording; a newer question ends an older one.
function asker(form, url, pause, question, counts, show, fail) {
  let timer = 0;
  let running = null;
  let last = "";
  const ask = async () => {
    const body = new URLSearchParams();
    const prefix = question().dataset.prefix;
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string") body.append(name, value);
    }
    body.append("prefix", prefix);
    const wording = Array.from(body).filter(([name]) => name.startsWith(prefix) && counts(name)).join("\n");
    if (wording === last) return;
    last = wording;
    if (running) running.abort();
    running = new AbortController();
    try {
      const answer = await fetch(url, { method: "POST", body, signal: running.signal, credentials: "same-origin" });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.json());
    } catch (error) {
      if (error.name === "AbortError") return;
      last = "";
      fail(error.message === "401" ? "登录已过期，请在新窗口登录" : "暂时连不上，稍后再试");
    }
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(ask, pause);
  };
}
