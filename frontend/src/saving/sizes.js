// Sizes as people read them: what is refused for its size is told how large it is and what may be.

/** @param {any} value @returns {number} bytes of its JSON, as the server counts them */
export const bytesOf = (value) => new TextEncoder().encode(JSON.stringify(value)).length;

/** "71 KB", "1.9 MB". @param {number} bytes */
export function sizeInWords(bytes) {
  if (bytes < 1024 * 1024) return `${Math.ceil(bytes / 1024)} KB`;
  return `${(Math.ceil((bytes / 1024 / 1024) * 10) / 10).toFixed(1)} MB`;
}

/** @param {string} text */
export const charactersOf = (text) => [...text].length;

/** Why a text of a learner is too long; "" when it is not. @param {string} text */
export function tooLong(text, most = 50_000) {
  const count = charactersOf(text);
  return count > most ? `It has ${count.toLocaleString("en")} characters, and an answer may have ${most.toLocaleString("en")}.` : "";
}
