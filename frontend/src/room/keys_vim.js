// Vim's keys for the editor, with a line that says the mode.
import { Vim, vim } from "@replit/codemirror-vim";

// Everything is saved as it is written: who types :w is not told of an unknown command.
Vim.defineEx("write", "w", () => {});

export const keys = vim({ status: true });
