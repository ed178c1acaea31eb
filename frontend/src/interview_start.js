// The start form: a mode suggests its timer until the learner has chosen one.
const form = document.getElementById("start-form");

if (form) {
  let chosenByHand = false;
  const timers = [...form.querySelectorAll("input[name=minutes]")];
  const none = timers.find((input) => input.value === "");

  for (const input of timers) {
    input.addEventListener("change", () => {
      chosenByHand = true;
    });
  }

  function follow(mode) {
    none.disabled = mode.value === "timed";
    if (chosenByHand && !(none.disabled && none.checked)) return;
    const suggested = timers.find((input) => input.value === mode.dataset.minutes) ?? none;
    suggested.checked = true;
  }

  for (const mode of form.querySelectorAll("input[name=mode]")) {
    mode.addEventListener("change", () => follow(mode));
  }
  const checked = form.querySelector("input[name=mode]:checked");
  if (checked) none.disabled = checked.value === "timed";
}
