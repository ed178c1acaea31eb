// The saving library as a module of its own, for pages and tests: import from "dist/saving.js".
export * from "./saving/index.js";
