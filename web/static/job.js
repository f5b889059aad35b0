// The page of a job: asks how far it is and opens the result when it is done.

const panel = document.querySelector("[data-job]");
const PAUSE = 500;

async function ask() {
  let told;
  try {
    const answer = await fetch(panel.dataset.job, { credentials: "same-origin" });
    if (!answer.ok) throw new Error(String(answer.status));
    told = await answer.json();
  } catch (error) {
    // The server may be starting anew: the page itself then says what has become of the job.
    setTimeout(() => location.reload(), 5 * PAUSE);
    return;
  }
  if (told.state === "done" || told.state === "failed") {
    location.replace(told.url || panel.dataset.page);
    return;
  }
  panel.querySelector("[data-stage]").textContent = told.stage;
  panel.querySelector("[data-count]").textContent = told.total ? `${told.done} / ${told.total}` : "";
  const bar = panel.querySelector("progress");
  if (told.total) {
    bar.max = told.total;
    bar.value = told.done;
  } else {
    bar.removeAttribute("value");
  }
  setTimeout(ask, PAUSE);
}

if (panel) setTimeout(ask, PAUSE);
