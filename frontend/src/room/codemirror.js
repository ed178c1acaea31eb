// The code editor: CodeMirror 6 with the language of the answer, loaded only by the room. Each text, that is a question in
// a language, keeps its own state: caret and undo history are there when one comes back to it.
import { history, indentWithTab } from "@codemirror/commands";
import { cpp } from "@codemirror/lang-cpp";
import { java } from "@codemirror/lang-java";
import { javascript } from "@codemirror/lang-javascript";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec, Transaction } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { mended } from "../saving/index.js";

/** @import {Editor, EditorOptions} from "./types.js" */

/** @type {Record<string, () => import("@codemirror/language").LanguageSupport>} */
const LANGUAGES = { python, javascript, java, cpp };

/** Keys by choice, each loaded when it is first wanted. @type {Record<string, () => Promise<{keys: import("@codemirror/state").Extension}>>} */
const KEYS = { vim: () => import("./keys_vim.js"), emacs: () => import("./keys_emacs.js") };
const UNDO_STEPS = 1000;

const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.controlKeyword], color: "var(--color-accent-text)", fontWeight: "500" },
  { tag: [tags.string, tags.character], color: "var(--color-success-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--color-warning-text)" },
  { tag: tags.comment, color: "var(--color-text-tertiary)", fontStyle: "italic" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName), tags.typeName], fontWeight: "500" },
]);

const looks = EditorView.theme({
  "&": { height: "100%", color: "var(--color-text-primary)", backgroundColor: "var(--color-surface)", fontSize: "var(--editor-size, 14px)" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.6" },
  ".cm-content": { caretColor: "var(--color-text-primary)", paddingBlock: "12px" },
  ".cm-cursor": { borderLeftColor: "var(--color-text-primary)" },
  ".cm-gutters": { backgroundColor: "var(--color-surface)", color: "var(--color-text-tertiary)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "color-mix(in srgb, var(--color-sunken) 60%, transparent)" },
  "&.cm-focused": { outline: "none" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": { backgroundColor: "var(--color-accent-light) !important" },
  ".cm-tooltip": { backgroundColor: "var(--color-surface)", border: "1px solid var(--color-border-hover)", color: "var(--color-text-primary)" },
  ".cm-panels": { backgroundColor: "var(--color-sunken)", color: "var(--color-text-primary)" },
});

/** Before all other keys, also those of Vim: Esc, then Tab leaves the editor. Ctrl+Enter runs and adds no line. */
const roomKeys = Prec.highest(
  EditorView.domEventHandlers({
    keydown(event, view) {
      if (event.key === "Escape") view.setTabFocusMode(2000);
      return event.key === "Enter" && (event.ctrlKey || event.metaKey);
    },
  }),
);

/** What cannot be stored never gets into the text. @param {() => void} onMended */
const mendsChanges = (onMended) =>
  EditorState.transactionFilter.of((transaction) => {
    /** @type {{from: number, to: number, insert: string}[]} */
    const changes = [];
    let [caret, isGood] = [0, true];
    transaction.changes.iterChanges((from, to, start, _end, inserted) => {
      const insert = mended(inserted.toString());
      isGood &&= insert.length === inserted.length;
      changes.push({ from, to, insert });
      caret = start + insert.length;
    });
    if (isGood) return transaction;
    onMended();
    const several = changes.length > 1;
    return { changes, scrollIntoView: true, ...(several ? {} : { selection: { anchor: caret } }) };
  });

/** The one change that makes the text of a state this one; undefined when it is. @param {EditorState} state @param {string} text */
function changeTo(state, text) {
  const wanted = state.toText(text);
  if (wanted.eq(state.doc)) return undefined;
  const [old, fresh] = [state.doc.toString(), wanted.toString()];
  const most = Math.min(old.length, fresh.length);
  let start = 0;
  while (start < most && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (end < most - start && old[old.length - 1 - end] === fresh[fresh.length - 1 - end]) end += 1;
  return { from: start, to: old.length - end, insert: wanted.slice(start, fresh.length - end) };
}

/** @param {Element} parent @param {EditorOptions} options @returns {Editor} */
export function makeEditor(parent, { nonce, onChange, onPaste, onMended }) {
  const keys = new Compartment();
  /** @type {import("@codemirror/state").Extension} */
  let ownKeys = [];
  let wantedKeys = "";
  let shown = "";
  /** @type {Map<string, {state: EditorState, scroll: import("@codemirror/state").StateEffect<any>}>} */
  const kept = new Map();

  /** @param {string} text @param {string} kind @param {string} label */
  function makeState(text, kind, label) {
    return EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        mendsChanges(onMended),
        roomKeys,
        keys.of(ownKeys), // before the usual keys, which are theirs only where they say so
        basicSetup,
        history({ minDepth: UNDO_STEPS }),
        keymap.of([indentWithTab]),
        indentUnit.of("    "),
        EditorView.lineWrapping,
        looks,
        syntaxHighlighting(colors),
        LANGUAGES[kind]?.() ?? [],
        EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": "editor-keys" }),
        EditorView.updateListener.of((update) => {
          const isGiven = update.transactions.some((transaction) => transaction.annotation(Transaction.remote));
          if (update.docChanged && !isGiven) onChange(update.state.doc.toString());
        }),
        EditorView.domEventHandlers({
          paste: (event) => onPaste(event.clipboardData?.getData("text/plain").length ?? 0),
        }),
      ],
    });
  }

  const view = new EditorView({ parent, state: makeState("", "", "") });
  /** What was not written here cannot be undone here. @param {EditorState} state @param {string} text */
  const given = (state, text) => ({
    changes: changeTo(state, text),
    annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)],
    filter: false,
  });

  return {
    get text() {
      return view.state.doc.toString();
    },
    show(key, text, kind, label) {
      if (key === shown) return view.dispatch(given(view.state, text));
      kept.set(shown, { state: view.state, scroll: view.scrollSnapshot() });
      const old = kept.get(key);
      const state = old?.state ?? makeState(text, kind, label);
      view.setState(state.update({ ...given(state, text), effects: keys.reconfigure(ownKeys) }).state);
      if (old) view.dispatch({ effects: old.scroll });
      shown = key;
    },
    focus: () => view.focus(),
    goTo(line, column) {
      const { doc } = view.state;
      const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
      const anchor = Math.min(from + column - 1, to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      view.focus();
    },
    measure: () => view.requestMeasure(),
    async useKeys(name) {
      wantedKeys = name;
      const loaded = await KEYS[name]?.();
      if (wantedKeys !== name) return;
      ownKeys = loaded?.keys ?? [];
      view.dispatch({ effects: keys.reconfigure(ownKeys) });
    },
  };
}
