// The board beside the answer: loaded after the text is usable, saved like the text.
/** @returns {{key: string, flush(): Promise<boolean>}} */
export function startBoard(config) {
  return { key: `board:${config.session_id}`, flush: async () => true };
}
