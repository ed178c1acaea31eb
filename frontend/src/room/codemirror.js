// The code editor: CodeMirror 6 with the language of the answer, loaded only by the room.
import { indentWithTab } from "@codemirror/commands";
import { cpp } from "@codemirror/lang-cpp";
import { java } from "@codemirror/lang-java";
import { javascript } from "@codemirror/lang-javascript";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { Compartment, EditorState, Prec } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { basicSetup } from "codemirror";
import { mended } from "../saving/index.js";

/** @import {Editor, EditorOptions} from "./types.js" */

/** @type {Record<string, () => import("@codemirror/language").LanguageSupport>} */
const LANGUAGES = { python, javascript, java, cpp };

const colors = HighlightStyle.define([
  { tag: [tags.keyword, tags.modifier, tags.controlKeyword], color: "var(--color-accent-text)", fontWeight: "500" },
  { tag: [tags.string, tags.character], color: "var(--color-success-text)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--color-warning-text)" },
  { tag: tags.comment, color: "var(--color-text-tertiary)", fontStyle: "italic" },
  { tag: [tags.definition(tags.variableName), tags.function(tags.variableName), tags.typeName], fontWeight: "500" },
]);

const looks = EditorView.theme({
  "&": { height: "100%", color: "var(--color-text-primary)", backgroundColor: "var(--color-surface)", fontSize: "14px" },
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

/** Esc, then Tab leaves the editor: also when Esc had a list of words to close first. Ctrl+Enter runs and adds no line. */
const roomKeys = Prec.highest(
  keymap.of([
    { key: "Mod-Enter", run: () => true },
    {
      key: "Escape",
      run: (view) => {
        view.setTabFocusMode(2000);
        return false;
      },
    },
  ]),
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

/**
 * `{text, show(text, language, label), focus(), goTo(line, column)}`; `onChange(text)` at every change made by hand, `onPaste(length)`.
 * @param {Element} parent @param {EditorOptions} options @returns {Editor}
 */
export function makeEditor(parent, { nonce, onChange, onPaste, onMended }) {
  const language = new Compartment();
  const name = new Compartment();
  const keep = { silent: false };
  const view = new EditorView({ parent, state: makeState("", "", "") });

  /** @param {string} text @param {string} kind @param {string} label */
  function makeState(text, kind, label) {
    return EditorState.create({
      doc: text,
      extensions: [
        EditorView.cspNonce.of(nonce),
        mendsChanges(onMended),
        roomKeys, // first: the list of words takes Esc for itself
        basicSetup,
        keymap.of([indentWithTab]),
        indentUnit.of("    "),
        EditorView.lineWrapping,
        looks,
        syntaxHighlighting(colors),
        language.of(LANGUAGES[kind]?.() ?? []),
        name.of(EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": "editor-keys" })),
        EditorView.updateListener.of((update) => {
          if (update.docChanged && !keep.silent) onChange(update.state.doc.toString());
        }),
        EditorView.domEventHandlers({
          paste: (event) => onPaste(event.clipboardData?.getData("text/plain").length ?? 0),
        }),
      ],
    });
  }

  return {
    get text() {
      return view.state.doc.toString();
    },
    show(text, kind, label) {
      view.setState(makeState(text, kind, label));
    },
    focus: () => view.focus(),
    goTo(line, column) {
      const { doc } = view.state;
      const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
      const anchor = Math.min(from + column - 1, to);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      view.focus();
    },
  };
}
