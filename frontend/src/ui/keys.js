// Keyboard: "?" opens the page's list of keys, "/" goes to the search.

/** @param {EventTarget | null} target */
const isTyping = (target) => target instanceof Element && target.closest("input, textarea, select, [contenteditable=true], .cm-editor, .excalidraw");

/**
 * Register a key like "mod+Enter", "alt+ArrowLeft", "?". Those without a modifier rest while one types.
 * @param {string} combination @param {(event: KeyboardEvent) => unknown} run `false`: not meant for us
 */
export function onKey(combination, run) {
  const parts = combination.split("+");
  const key = parts.pop();
  document.addEventListener("keydown", (event) => {
    if (event.key !== key || event.isComposing) return;
    const mod = event.ctrlKey || event.metaKey;
    if (mod !== parts.includes("mod") || event.altKey !== parts.includes("alt")) return;
    if (!parts.length && isTyping(event.target)) return;
    if (run(event) !== false) event.preventDefault();
  });
}

export function setUpKeys() {
  onKey("?", () => {
    const help = document.querySelector("dialog[data-keys]") ?? document.getElementById("keys") ?? document.getElementById("keys-help");
    if (!(help instanceof HTMLDialogElement)) return false;
    return help.open ? help.close() : help.showModal();
  });
  onKey("/", () => {
    const field = document.querySelector("[data-shortcut='/']");
    if (!(field instanceof HTMLElement && field.offsetParent)) return false;
    return field.focus();
  });
}
