// What changed between two texts, word by word.

/** @typedef {["same" | "gone" | "new", string]} Change */

/** @param {Change[0]} kind @returns {(word: string) => Change} */
const marked = (kind) => (word) => [kind, word];

/**
 * Longest common run of words, kept simple: texts are at most some thousand words.
 * @param {string} before @param {string} after @returns {Change[]}
 */
export function wordChanges(before, after) {
  const [one, two] = [before, after].map((text) => text.match(/\s+|[^\s]+/g) ?? []);
  let start = 0;
  while (start < one.length && start < two.length && one[start] === two[start]) start += 1;
  let end = 0;
  while (end < one.length - start && end < two.length - start && one.at(-1 - end) === two.at(-1 - end)) end += 1;
  const middle = between(one.slice(start, one.length - end), two.slice(start, two.length - end));
  return [
    ...one.slice(0, start).map(marked("same")),
    ...middle,
    ...one.slice(one.length - end).map(marked("same")),
  ];
}

/** @param {string[]} one @param {string[]} two @returns {Change[]} */
function between(one, two) {
  if (one.length * two.length > 4e6) return [...one.map(marked("gone")), ...two.map(marked("new"))];
  const width = two.length + 1;
  const lengths = new Uint16Array((one.length + 1) * width);
  for (let i = one.length - 1; i >= 0; i -= 1) {
    for (let j = two.length - 1; j >= 0; j -= 1) {
      lengths[i * width + j] =
        one[i] === two[j] ? lengths[(i + 1) * width + j + 1] + 1 : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  /** @type {Change[]} */
  const found = [];
  let [i, j] = [0, 0];
  while (i < one.length || j < two.length) {
    if (i < one.length && j < two.length && one[i] === two[j]) {
      found.push(["same", one[i++]]);
      j += 1;
    } else if (j >= two.length || (i < one.length && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) found.push(["gone", one[i++]]);
    else found.push(["new", two[j++]]);
  }
  return found;
}

/** @param {string} title @param {Change[]} changes @param {Change[0]} leftOut @param {string} tag */
function column(title, changes, leftOut, tag) {
  const box = document.createElement("div");
  const heading = box.appendChild(document.createElement("h3"));
  heading.className = "section-title";
  heading.textContent = title;
  const text = box.appendChild(document.createElement("div"));
  text.className = "diff-text";
  text.tabIndex = 0;
  text.setAttribute("role", "group");
  text.setAttribute("aria-label", title);
  for (const [kind, words] of merged(changes.filter(([kind]) => kind !== leftOut))) {
    const part = kind === "same" ? document.createTextNode(words) : Object.assign(document.createElement(tag), { textContent: words });
    text.append(part);
  }
  return box;
}

/** @param {Change[]} changes */
function merged(changes) {
  /** @type {Change[]} */
  const runs = [];
  for (const [kind, word] of changes) {
    const last = runs.at(-1);
    if (last?.[0] === kind) last[1] += word;
    else runs.push([kind, word]);
  }
  return runs;
}

/**
 * Both texts side by side, what is gone and what is new marked; with `equals` neither is the older one.
 * @param {{before: string, after: string, beforeTitle?: string, afterTitle?: string, equals?: boolean}} texts
 * @returns {HTMLElement}
 */
export function diffWords({ before, after, beforeTitle = "Before", afterTitle = "After", equals = false }) {
  const changes = wordChanges(before, after);
  const box = document.createElement("div");
  box.className = "diff diff-side";
  box.append(column(beforeTitle, changes, "new", equals ? "mark" : "del"), column(afterTitle, changes, "gone", equals ? "mark" : "ins"));
  return box;
}
