// "Add it to my answer" beside a point of the feedback: the cursor goes to where the point could stand in the answer.
//   <textarea id="answer"> … <li class="key-point"> … <button class="quote"> … <button data-add-point="3" hidden>
// Without an answer to write in the button stays hidden.
import { mount } from "./mount.js";
import { closest, findAll } from "./find.js";
import { placeFor } from "./place_for.js";

/** @param {Element} button */
function quotesBefore(button) {
  const points = findAll(".key-point", HTMLElement, button.closest(".key-points") ?? document);
  const here = points.findIndex((point) => point.contains(button));
  const near = points.slice(0, here + 1).reverse();
  return near.flatMap((point) => findAll("button.quote", HTMLElement, point).reverse().map((quote) => quote.textContent));
}

export function setUpAddPoint() {
  mount("[data-feedback]", (feedback) => {
    const answer = document.getElementById("answer");
    if (!(answer instanceof HTMLTextAreaElement) || answer.readOnly || answer.disabled) return;
    for (const button of findAll("[data-add-point]", HTMLElement, feedback)) button.hidden = false;
    feedback.addEventListener("click", (event) => {
      const button = closest(event, "[data-add-point]");
      if (!button) return;
      const place = placeFor(answer.value, quotesBefore(button));
      answer.scrollIntoView({ block: "center" });
      answer.focus();
      answer.setSelectionRange(place, place);
    });
  });
}
