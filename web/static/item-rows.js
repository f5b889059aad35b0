// Tables inside the form: one more row, the running sum of marks, and whether every blank has its answer.

export function tables(form) {
  for (const table of form.querySelectorAll("[data-rows]")) {
    const more = table.nextElementSibling.querySelector("[data-more]");
    more.hidden = false;
    more.addEventListener("click", () => {
      const last = table.tBodies[0].lastElementChild;
      const row = last.cloneNode(true);
      const at = table.tBodies[0].rows.length + 1;
      for (const cell of row.querySelectorAll("input, textarea")) {
        cell.value = "";
        cell.setAttribute("aria-label", cell.getAttribute("aria-label").replace(/\d+/, at));
      }
      last.after(row);
      row.querySelector("input, textarea").focus();
    });
  }
  const check = () => {
    for (const question of form.querySelectorAll("[data-question]")) count(question);
  };
  form.addEventListener("input", check);
  check();
}

function count(question) {
  const named = (name) => question.querySelector(`[name="${question.dataset.prefix}${name}"]`).value.trim();
  for (const sum of question.querySelectorAll("[data-sum]")) {
    const cells = Array.from(sum.parentElement.previousElementSibling.querySelectorAll("[data-marks]"));
    const typed = cells.map((cell) => cell.value.trim()).filter(Boolean).map(Number);
    const total = typed.reduce((a, b) => a + b, 0);
    const whole = named("marks");
    const wrong = typed.some(Number.isNaN) || (whole !== "" && typed.length > 0 && total !== Number(whole));
    sum.className = wrong ? "wrong" : "";
    sum.textContent = typed.length ? `合计 ${total} 分${whole ? `，本题 ${whole} 分` : "，本题分值未填"}` : "";
  }
  const hint = question.querySelector("[data-count-blanks]");
  const blanks = (named("stem").match(/_{2,}/g) || []).length;
  const answers = Array.from(question.querySelectorAll(`[name="${question.dataset.prefix}blanks-accepted"]`));
  const given = answers.filter((cell) => cell.value.trim()).length;
  hint.textContent = blanks && blanks !== given ? `题中有 ${blanks} 个空，写了 ${given} 个答案` : "";
}
