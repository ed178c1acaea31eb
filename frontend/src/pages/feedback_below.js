// Feedback opens below the answer without moving it. While it is out of sight, a link beside the
// button says how it stands and leads there.
import { find } from "../ui/find.js";


const WORDS = { succeeded: "Feedback is below", waiting: "Your answer is being read, below" };

/** @param {HTMLElement} link @param {HTMLElement} list */
export function pointAtFeedback(link, list) {
  /** @type {Element | null | undefined} */
  let watched;
  const words = find("[data-words]", HTMLElement, link);
  const seen = new IntersectionObserver(
    (entries) => (link.hidden = entries[entries.length - 1].isIntersecting),
    { rootMargin: "0px 0px -120px 0px" }, // the foot of the pane, and enough of the card to notice
  );

  function look() {
    const newest = list.querySelector("[data-try]");
    const state = newest?.querySelector("[data-feedback]")?.getAttribute("data-state") ?? "";
    words.textContent = ["queued", "running"].includes(state) ? WORDS.waiting : WORDS.succeeded;
    if (newest === watched) return;
    seen.disconnect();
    link.hidden = true;
    watched = newest;
    if (newest) seen.observe(newest);
  }

  document.body.addEventListener("htmx:afterSettle", look);
  look();
}
