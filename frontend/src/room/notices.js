// Sentences above the panes: one of each kind at a time, the most pressing on top.
const area = () => document.querySelector("[data-notices]");

export function notice(kind, words, { tone = "info", button, onPress } = {}) {
  let line = area().querySelector(`[data-notice="${kind}"]`);
  if (!line) {
    line = document.createElement("div");
    line.className = "exam-notice";
    line.dataset.notice = kind;
    area().append(line);
  }
  line.dataset.tone = tone;
  if (line.dataset.words === words) return;
  line.dataset.words = words;
  line.replaceChildren(Object.assign(document.createElement("p"), { textContent: words }));
  if (button) {
    const press = Object.assign(document.createElement("button"), { type: "button", className: "button button-compact", textContent: button });
    press.addEventListener("click", onPress);
    line.append(press);
  }
}

export function withdraw(kind) {
  area().querySelector(`[data-notice="${kind}"]`)?.remove();
}

export function announce(words) {
  document.querySelector("[data-announce]").textContent = words;
}
