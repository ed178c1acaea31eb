// What no database takes: NUL, and one half of a surrogate pair without the other. They come with what is pasted from
// broken files. Taken out where they are typed or pasted, and said; frontend/README.md names the callers.

const BAD = /[\0\p{Surrogate}]/u; // with "u" a whole pair is one character, so only halves match
const EACH_BAD = /[\0\p{Surrogate}]/gu;

export const MENDED = "A character that cannot be stored was taken out of what you entered.";

/** @param {string} text */
export const isStorable = (text) => !BAD.test(text);

/** @param {string} text */
const clean = (text) => (BAD.test(text) ? text.replace(EACH_BAD, "") : text);

/**
 * The same without what cannot be stored; the very same value when there is nothing to take out.
 * @template T @param {T} value a text, or anything made of JSON @returns {T}
 */
export function mended(value) {
  if (typeof value === "string") return /** @type {any} */ (clean(value));
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value);
  const good = entries.map(([key, item]) => [clean(key), mended(item)]);
  if (entries.every(([key, item], index) => key === good[index][0] && item === good[index][1])) return value;
  return /** @type {any} */ (Array.isArray(value) ? good.map(([, item]) => item) : Object.fromEntries(good));
}

/**
 * The same in a field, with the caret where it was. @param {HTMLTextAreaElement} field
 * @returns {boolean} whether something was taken out
 */
export function mendField(field) {
  if (isStorable(field.value)) return false;
  const caret = clean(field.value.slice(0, field.selectionStart)).length;
  field.value = clean(field.value);
  field.setSelectionRange(caret, caret);
  return true;
}
