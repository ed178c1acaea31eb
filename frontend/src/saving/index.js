// The whole saving library; frontend/README.md says how to use it.
export { createSaver, Saver } from "./saver.js";
export { ABOUT_THE_TEXT } from "./queue.js";
export { MENDED, isStorable, mendField, mended } from "./mend.js";
export { bytesOf, sizeInWords, tooLong } from "./sizes.js";
export { showSaveState, wordsFor } from "./words.js";
export { askWhich, askWhichText, conflictResolver, joinTexts, wordsAbout } from "./conflict.js";
export { sendLeftovers } from "./leftovers.js";
export { deviceStore, memoryStore } from "./store.js";
