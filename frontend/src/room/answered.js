// What counts as an answer. The server runs and scores whatever differs from every boiler plate in more than white space
// (`is_answered` in sessions_app/proctoring/services/scoring.py): one character can be a right answer. It can also be a slip of a
// finger, so the page does not call it an answer, and says what it is.

/** @param {any} value @returns {string} */
export const codeOf = (value) => (typeof value === "string" ? value : value?.code) ?? "";

/** Without white space, as Python's `str.split()` sees it. @param {string} code */
const bare = (code) => code.replace(/[^\S\ufeff]|[\x1c-\x1f\x85]/g, "");

/**
 * How many characters are new against the nearest of what one could have begun with; white space does not count.
 * @param {any} value @param {Record<string, string>} plates
 */
export function written(value, plates) {
  const own = bare(codeOf(value));
  return Math.min(...["", ...Object.values(plates).map(bare)].map((plate) => changed(plate, own)));
}

/** @param {string} before @param {string} after */
function changed(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return Math.max(before.length, after.length) - start - end;
}
