// One answer, changed in two tabs: both texts are shown and the candidate decides. Nothing hangs on it: the server has
// one as the answer and the other among the kept revisions.
import { diffWords } from "../ui/diff.js";
import { openDialog } from "../ui/dialogs.js";

export const LANGUAGE_WORDS = { python: "Python", javascript: "JavaScript", java: "Java", cpp: "C++" };
const COMMENT = { python: "#" };

export const codeOf = (value) => (typeof value === "string" ? value : value?.code) ?? "";
const languageOf = (value) => value?.language ?? "";

function titled(words, value) {
  const language = LANGUAGE_WORDS[languageOf(value)];
  return language ? `${words}, in ${language}` : words;
}

/** @returns {Promise<"mine" | "theirs" | "both">} closing the dialog keeps mine in place */
export async function askWhichAnswer({ title, mine, theirs }) {
  const body = document.createElement("div");
  body.className = "stack exam-conflict";
  const lead = document.createElement("p");
  lead.textContent = `You changed “${title}” in another tab too. Which text shall be your answer? The other one is kept for the people who review the test.`;
  const texts = { before: codeOf(theirs), after: codeOf(mine) };
  const titles = { beforeTitle: titled("The other tab", theirs), afterTitle: titled("This tab", mine) };
  body.append(lead, diffWords({ ...texts, ...titles, equals: true }));
  const choices = [
    { value: "theirs", label: "Take theirs" },
    { value: "both", label: "Keep both" },
    { value: "mine", label: "Keep mine", variant: "primary" },
  ];
  return (await openDialog({ title: "Two versions of one answer", body, wide: true, choices })) || "mine";
}

/**
 * What "both" means: of one language the texts one below the other; of two languages mine stays the answer and theirs is
 * set aside with its language, as when one changes the language by hand.
 * @returns {[string, any][]} the answers to be written
 */
export function bothAnswers(key, mine, theirs) {
  const language = languageOf(mine);
  if (languageOf(theirs) !== language && languageOf(theirs)) return [[`${key}/${languageOf(theirs)}`, theirs]];
  const mark = COMMENT[language] ?? "//";
  const code = `${codeOf(mine)}\n\n${mark} --- the version of the other tab ---\n\n${codeOf(theirs)}`;
  return [[key, typeof mine === "string" ? code : { ...mine, code }]];
}
