// The start form: a mode suggests its timer until the learner has chosen one.
import { find, findAll } from "./ui/find.js";


const form = document.getElementById("start-form");

if (form) {
  let chosenByHand = false;
  const timers = findAll("input[name=minutes]", HTMLInputElement, form);
  const none = find("input[name=minutes][value='']", HTMLInputElement, form);

  for (const input of timers) {
    input.addEventListener("change", () => {
      chosenByHand = true;
    });
  }

  const asksBack = find("#id_asks_back", HTMLInputElement, form);
  let wished = asksBack.checked;
  asksBack.addEventListener("change", () => (wished = asksBack.checked));

  /** The interviewer always asks back in a mock interview, never in rapid fire. @param {HTMLInputElement} mode */
  function showAskingBack({ value }) {
    asksBack.disabled = ["mock", "rapid_fire"].includes(value);
    asksBack.checked = value === "mock" || (wished && value !== "rapid_fire");
  }

  /** @param {HTMLInputElement} mode */
  function follow(mode) {
    showAskingBack(mode);
    none.disabled = mode.value === "timed";
    if (chosenByHand && !(none.disabled && none.checked)) return;
    const suggested = timers.find((input) => input.value === mode.dataset.minutes) ?? none;
    suggested.checked = true;
  }

  for (const mode of findAll("input[name=mode]", HTMLInputElement, form)) {
    mode.addEventListener("change", () => follow(mode));
  }
  const [checked] = findAll("input[name=mode]:checked", HTMLInputElement, form);
  if (checked) {
    none.disabled = checked.value === "timed";
    showAskingBack(checked);
  }
}
