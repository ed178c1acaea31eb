// The whole saving library; frontend/README.md says how to use it.
export { createSaver, Saver } from "./saver.js";
export { showSaveState, wordsFor } from "./words.js";
export { askWhich, askWhichText, conflictResolver, joinTexts, wordsAbout } from "./conflict.js";
export { sendLeftovers } from "./leftovers.js";
export { deviceStore, memoryStore } from "./store.js";
