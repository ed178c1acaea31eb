// What counts as an answer.

/** @param {any} value @returns {string} */
export const codeOf = (value) => (typeof value === "string" ? value : value?.code) ?? "";

/** Without white space, as Python's `str.split()` sees it. @param {string} code */
const bare = (code) => code.replace(/[^\S\ufeff]|[\x1c-\x1f\x85]/g, "");

/**
 * The server's rule (`is_answered` in sessions_app/proctoring/services/scoring.py): differs from every boiler plate in
 * more than white space.
 * @param {any} value @param {Record<string, string>} plates
 */
export function differsFromPlates(value, plates) {
  const written = bare(codeOf(value));
  return Boolean(written) && !Object.values(plates).some((plate) => bare(plate) === written);
}
