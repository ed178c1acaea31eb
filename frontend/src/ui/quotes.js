// A key point lights its quotes in the answer, and a quote its key point: by pointer, by focus, by click.
//   <li class="key-point" data-point="3" data-answer="answer-12">…  <div class="answer-text" id="answer-12">…<mark data-point="3">
import { mount } from "./mount.js";

const partners = (answerId, point) => [
  ...document.querySelectorAll(
    `#${CSS.escape(answerId)} mark[data-point~="${CSS.escape(point)}"], .key-point[data-answer="${CSS.escape(answerId)}"][data-point="${CSS.escape(point)}"]`,
  ),
];

function light(answerId, points, lit) {
  for (const point of points) {
    for (const partner of partners(answerId, point)) partner.dataset.lit = String(lit);
  }
}

function watch(element, answerId, points) {
  element.addEventListener("pointerenter", () => light(answerId, points, true));
  element.addEventListener("pointerleave", () => light(answerId, points, false));
  element.addEventListener("focusin", () => light(answerId, points, true));
  element.addEventListener("focusout", () => light(answerId, points, false));
}

export function setUpQuotes() {
  mount(".key-point[data-answer]", (item) => {
    watch(item, item.dataset.answer, [item.dataset.point]);
    item.addEventListener("click", (event) => {
      if (!event.target.closest(".quote")) return;
      const mark = partners(item.dataset.answer, item.dataset.point).find((partner) => partner.matches("mark"));
      mark?.scrollIntoView({ block: "center", behavior: "smooth" });
    });
  });
  mount(".answer-text mark[data-point]", (mark) => {
    watch(mark, mark.closest(".answer-text").id, mark.dataset.point.split(" "));
  });
}
