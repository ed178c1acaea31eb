// Where in an answer a missing point could stand.

/** After the last words that were quoted for this point or one before it, at the end of their sentence; else at the end.
 * @param {string} text @param {string[]} quotes nearest first */
export function placeFor(text, quotes) {
  for (const quote of quotes) {
    const at = quote ? text.indexOf(quote) : -1;
    if (at >= 0) return at + quote.length;
  }
  return text.trimEnd().length;
}
