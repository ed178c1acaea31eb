// Emacs' keys for moving and deleting, as CodeMirror has them. Loaded only when chosen, as those of Vim.
import { emacsStyleKeymap } from "@codemirror/commands";
import { Prec } from "@codemirror/state";
import { keymap } from "@codemirror/view";

export const keys = Prec.high(keymap.of(emacsStyleKeymap));
