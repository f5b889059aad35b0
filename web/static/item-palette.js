// Signs, formulas, tables and pictures are put where the cursor stands, into whichever text was touched last.

const CURSOR = "¦";

export function palettes(form) {
  for (const part of form.querySelectorAll("[data-typing]")) palette(form, part);
}

function palette(form, part) {
  const bar = part.querySelector("[data-palette]");
  const doing = bar.querySelector("[data-doing]");
  let target = part.querySelector("textarea");
  bar.hidden = false;
  part.addEventListener("focusin", (event) => {
    if (isText(event.target)) target = event.target;
  });
  for (const button of bar.querySelectorAll("button")) {
    // The text keeps the focus, and with it what is selected.
    button.addEventListener("mousedown", (event) => event.preventDefault());
  }
  for (const button of bar.querySelectorAll("[data-formula]")) {
    button.addEventListener("click", () => put(target, formula(target, button.dataset)));
  }
  for (const button of bar.querySelectorAll("[data-insert]")) {
    button.addEventListener("click", () => put(target, button.dataset.insert));
  }
  const signs = bar.querySelector("[data-signs]");
  signs.addEventListener("change", (event) => {
    event.stopPropagation();
    put(target, signs.value + CURSOR);
    signs.value = "";
  });
  grid(bar.querySelector("[data-table]"), () => target);
  if (form.dataset.pictures) pictures(form, part, bar.querySelector("[data-picture]"), () => target, doing);
  else bar.querySelector(".pick").hidden = true;
}

function isText(field) {
  return field.tagName === "TEXTAREA" || (field.tagName === "INPUT" && field.type === "text" && !field.inputMode);
}

// Within $…$ the bare command, elsewhere a formula of its own; 上标 and 下标 outside a formula are marks of the text.
function formula(field, kind) {
  const before = field.value.slice(0, field.selectionStart);
  const line = before.slice(before.lastIndexOf("\n") + 1).replace(/\\./g, "");
  const inside = (line.split("$").length - 1) % 2 === 1;
  if (inside) return kind.formula;
  if (kind.around) return `<${kind.around}>${chosen(field)}${CURSOR}</${kind.around}>`;
  return `$${kind.formula}$`;
}

function chosen(field) {
  return field.value.slice(field.selectionStart, field.selectionEnd);
}

function put(field, text) {
  const at = text.indexOf(CURSOR);
  const start = field.selectionStart;
  const bare = text.replace(CURSOR, "");
  field.focus();
  // Typing it keeps 撤销 (Ctrl+Z) whole.
  if (!document.execCommand("insertText", false, bare)) {
    field.setRangeText(bare, start, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (at >= 0) field.setSelectionRange(start + at, start + at);
}

function putLines(field, text) {
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  const lead = before && !before.endsWith("\n") ? "\n" : "";
  put(field, field.tagName === "TEXTAREA" ? `${lead}${text}${after.startsWith("\n") ? "" : "\n"}` : text);
}

function pictures(form, part, pick, target, doing) {
  const send = async (file) => {
    const field = target();
    doing.className = "doing";
    doing.textContent = "正在上传图片…";
    const body = new FormData();
    for (const name of ["csrf_token", "bank"]) body.append(name, form.elements[name].value);
    body.append("picture", file, file.name || "图片.png");
    try {
      const answer = await fetch(form.dataset.pictures, { method: "POST", body, credentials: "same-origin" });
      const found = answer.headers.get("Content-Type").includes("json") ? await answer.json() : {};
      if (!answer.ok) throw new Error(found.error || (answer.status === 401 ? "登录已过期，请在新窗口登录" : "图片没有传上，请重试"));
      putLines(field, found.text);
      doing.textContent = "";
    } catch (error) {
      doing.className = "doing bad";
      doing.textContent = error instanceof TypeError ? "图片没有传上，请重试" : error.message;
    }
  };
  const all = async (files) => {
    for (const file of files) await send(file);
  };
  const images = (files) => Array.from(files).filter((file) => file.type.startsWith("image/"));
  pick.addEventListener("change", async (event) => {
    event.stopPropagation();
    await all(Array.from(pick.files));
    pick.value = "";
  });
  part.addEventListener("paste", (event) => {
    const found = images(event.clipboardData.files);
    if (!found.length || !isText(event.target)) return;
    event.preventDefault();
    all(found);
  });
  part.addEventListener("dragover", (event) => {
    if (!isText(event.target) || !Array.from(event.dataTransfer.types).includes("Files")) return;
    event.preventDefault();
    event.target.classList.add("over");
  });
  part.addEventListener("dragleave", (event) => event.target.classList && event.target.classList.remove("over"));
  part.addEventListener("drop", (event) => {
    const found = images(event.dataTransfer.files);
    if (!found.length || !isText(event.target)) return;
    event.preventDefault();
    event.target.classList.remove("over");
    event.target.focus();
    all(found);
  });
}

function grid(button, target) {
  const dialog = document.querySelector("[data-grid]");
  if (!dialog || !dialog.showModal) {
    button.hidden = true;
    return;
  }
  const rows = dialog.querySelector("[data-grid-rows]");
  const columns = dialog.querySelector("[data-grid-columns]");
  const cells = dialog.querySelector("[data-grid-cells]");
  const fit = () => {
    const kept = Array.from(cells.rows, (row) => Array.from(row.cells, (cell) => cell.firstChild.value));
    cells.replaceChildren();
    for (let at = 0; at < clamp(rows); at += 1) {
      const row = cells.insertRow();
      for (let across = 0; across < clamp(columns); across += 1) {
        const input = document.createElement("input");
        input.value = (kept[at] || [])[across] || "";
        input.setAttribute("aria-label", `第 ${at + 1} 行第 ${across + 1} 列`);
        row.insertCell().append(input);
      }
    }
  };
  button.addEventListener("click", () => {
    fit();
    const field = target();
    dialog.querySelector("[data-grid-insert]").onclick = () => {
      const lines = Array.from(cells.rows, (row) => {
        const texts = Array.from(row.cells, (cell) => cell.firstChild.value.trim().replace(/\|/g, "\\|"));
        return `| ${texts.join(" | ")} |`;
      });
      dialog.close();
      cells.replaceChildren();
      putLines(field, lines.join("\n"));
    };
    dialog.showModal();
  });
  rows.addEventListener("input", fit);
  columns.addEventListener("input", fit);
  dialog.querySelector("[data-grid-close]").addEventListener("click", () => dialog.close());
}

function clamp(input) {
  return Math.min(Math.max(Number(input.value) || 1, 1), Number(input.max));
}
