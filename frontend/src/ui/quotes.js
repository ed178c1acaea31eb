// A key point lights its quotes in the answer, and a quote in the answer its key points: by pointer and by focus.
//   <section data-feedback data-answer-id="a1"> … <li class="key-point" data-point="2"> … <button class="quote" data-quote="2">
//   <p class="answer-text" id="a1"> … <mark data-points="2 5">
// A click on a quote opens the answer if it is folded, and goes there.
import { mount } from "./mount.js";
import { closest, findAll } from "./find.js";

/** @param {HTMLElement} mark */
const pointsOf = (mark) => (mark.dataset.points ?? "").split(/\s+/);
/** @param {string | undefined} point */
const has = (point) => (/** @type {HTMLElement} */ mark) => pointsOf(mark).includes(point ?? "");

/** @param {HTMLElement} feedback */
function partsOf(feedback) {
  const answer = document.getElementById(feedback.dataset.answerId ?? "");
  return {
    marks: answer ? findAll("mark[data-points]", HTMLElement, answer) : [],
    items: findAll(".key-point[data-point]", HTMLElement, feedback),
  };
}

/** @param {Element} element @param {(lit: boolean) => unknown} light */
function whileOver(element, light) {
  for (const type of ["pointerenter", "focusin"]) element.addEventListener(type, () => light(true));
  for (const type of ["pointerleave", "focusout"]) element.addEventListener(type, () => light(false));
}

/** @param {HTMLElement[]} elements @param {boolean} lit */
const lightAll = (elements, lit) => elements.forEach((element) => (element.dataset.lit = String(lit)));

/** Open what is folded around the mark, then show it. @param {HTMLElement} mark */
function goTo(mark) {
  for (let fold = mark.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  mark.scrollIntoView({ block: "center", behavior: "smooth" });
  mark.focus({ preventScroll: true });
}

/** @param {MouseEvent} event @param {HTMLElement[]} marks */
function onQuoteClick(event, marks) {
  const quote = closest(event, "button.quote");
  if (!quote) return;
  const ofPoint = marks.filter(has(quote.dataset.quote));
  const words = quote.textContent.trim();
  const mark = ofPoint.find((one) => words.includes(one.textContent.trim()) || one.textContent.includes(words)) ?? ofPoint[0];
  if (mark) goTo(mark);
}

export function setUpQuotes() {
  mount("[data-feedback]", (feedback) => {
    const { marks, items } = partsOf(feedback);
    for (const item of items) whileOver(item, (lit) => lightAll(marks.filter(has(item.dataset.point)), lit));
    for (const mark of marks) {
      whileOver(mark, (lit) => lightAll([mark, ...items.filter((item) => pointsOf(mark).includes(item.dataset.point ?? ""))], lit));
    }
    feedback.addEventListener("click", (event) => onQuoteClick(event, marks));
  });
}
