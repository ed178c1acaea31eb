// Until 2026-11 the room kept unsent words in a device store of its own, "etude-room". What still lies there is handed to
// the store of frontend/src/saving, as if a page that is gone had left it.
import { newKey } from "../net/request.js";
import { deviceStore } from "../saving/index.js";

/** @import {Entry} from "../saving/types.js" */

const NAME = "etude-room";
const STORE = "unsent";

/** @typedef {{answers?: Record<string, any>, sections?: string[], seen?: Record<string, string[]>}} Unsent */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** The old store; null where there was none. @returns {Promise<IDBDatabase | null>} */
async function open() {
  if (!globalThis.indexedDB) return null;
  const request = indexedDB.open(NAME);
  request.onupgradeneeded = () => request.transaction?.abort(); // it would be made anew
  const database = await done(request).catch(() => null);
  return database?.objectStoreNames.contains(STORE) ? database : null;
}

/**
 * What a page of before had not sent, as entries: `{key: answer}` and the sections that were finished.
 * @param {Unsent} unsent @param {(key: string, value: any, base: string | null) => Entry} entryOf
 * @returns {Entry[]}
 */
function entriesOf({ answers = {}, sections = [], seen = {} }, entryOf) {
  const entries = Object.entries(answers).map(([key, value]) => entryOf(key, value, seen[key]?.at(-1) ?? null));
  return sections.length ? [...entries, entryOf("", sections, null)] : entries;
}

/**
 * @param {string} candidate
 * @param {(key: string, value: any, base: string | null) => Pick<Entry, "key" | "owner" | "url" | "base" | "draft">} described
 *   what a saver would say of an answer, or of the sections (key ""); `base` is the JSON of the text it was written on
 */
export async function takeOverOldStore(candidate, described) {
  const database = await open();
  if (!database) return;
  try {
    const range = IDBKeyRange.bound(`${candidate}/`, `${candidate}/\uffff`);
    const store = database.transaction(STORE).objectStore(STORE);
    const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))]);
    for (const [index, key] of keys.entries()) {
      /** @type {(key: string, value: any, base: string | null) => Entry} */
      const entryOf = (name, value, base) => ({ id: newKey(), method: "PUT", tab: "", at: 1, value, ...described(name, value, base) });
      for (const entry of entriesOf(values[index], entryOf)) await deviceStore.put(entry);
      await done(database.transaction(STORE, "readwrite").objectStore(STORE).delete(key)); // only now: it is in the new one
    }
  } finally {
    database.close();
  }
}
