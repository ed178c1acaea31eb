// The question that is open: a reload, or the link opened again after a crash, goes back to it.

/** @param {string} candidate */
const nameOf = (candidate) => `etude-room-at:${candidate}`;

/** @param {string} candidate @returns {string | null} the id of a question */
export function placeOf(candidate) {
  try {
    return localStorage.getItem(nameOf(candidate));
  } catch {
    return null;
  }
}

/** @param {string} candidate @param {string} question */
export function keepPlace(candidate, question) {
  try {
    localStorage.setItem(nameOf(candidate), question);
  } catch {
    // Without storage a reload opens the first question that has no answer.
  }
}

/** @param {string} candidate */
export function forgetPlace(candidate) {
  try {
    localStorage.removeItem(nameOf(candidate));
  } catch {
    // Nothing was kept.
  }
}
