// The languages of answers.

/** @type {Record<string, string>} */
export const LANGUAGE_WORDS = { python: "Python", javascript: "JavaScript", java: "Java", cpp: "C++" };

/** How a comment begins, where it is not by `//`. @type {Record<string, string>} */
export const COMMENT = { python: "#" };
