// The queue on this device: entries in IndexedDB, so that a reload or a crash loses nothing.
// An entry: {id, key, owner, tab, url, method, value, base, draft, body, idem, at, refused}.
//   value  what was written            base  the version it was written on
//   draft  the request as it would be sent now, for a page that does not know how to build it
//   body, idem  set at the first try and never changed again, so that a replay is the same request
//   refused  {status, code, message}: why the server does not take it

/** @import {Entry, Store} from "./types.js" */

const NAME = "etude-saving";
const STORE = "queue";
const KEPT_DAYS = 30;

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
function asPromise(request) {
  return new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
}

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((done, fail) => {
    if (!globalThis.indexedDB) return fail(new Error("no IndexedDB"));
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE, { keyPath: "id" }).createIndex("key", "key");
    };
    request.onsuccess = () => {
      // A newer page of ours may want to change the store: never stand in its way.
      request.result.onversionchange = () => request.result.close();
      done(request.result);
    };
    request.onerror = () => fail(request.error);
    request.onblocked = () => fail(new Error("blocked"));
  });
}

/** @type {Promise<IDBDatabase> | null} */
let opened = null;

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} work @returns {Promise<T>} */
async function inStore(mode, work) {
  opened ??= open();
  let database;
  try {
    database = await opened;
    // "strict": a committed entry is on the disk, not only in the browser's memory.
    const change = database.transaction(STORE, mode, { durability: "strict" });
    const finished = new Promise((done, fail) => {
      change.oncomplete = () => done(null);
      change.onabort = () => fail(change.error ?? new Error("aborted"));
    });
    finished.catch(() => {});
    const result = await asPromise(work(change.objectStore(STORE)));
    await finished;
    return result;
  } catch (error) {
    if (/** @type {any} */ (error)?.name === "InvalidStateError" || !database) opened = null;
    throw error;
  }
}

/** @returns {"full" | "none"} why the device cannot keep texts @param {any} error */
export function reasonOf(error) {
  return error?.name === "QuotaExceededError" ? "full" : "none";
}

/** @type {Store} */
export const deviceStore = {
  put: (entry) => inStore("readwrite", (store) => store.put(entry)),
  remove: (id) => inStore("readwrite", (store) => store.delete(id)),
  /** Entries of one key, or of all; oldest first. */
  async list(key) {
    const all = await inStore("readonly", (store) => (key ? store.index("key").getAll(key) : store.getAll()));
    return all.sort((one, other) => one.at - other.at);
  },
  /** What waits for its own page is kept for a month, in case a text is wanted back. */
  async prune(now = Date.now()) {
    const old = (await this.list()).filter(({ refused, known, at }) => (refused || known !== undefined) && now - at > KEPT_DAYS * 86400e3);
    for (const entry of old) await this.remove(entry.id);
  },
};

/** The same in memory: for tests, and where the browser has no store. @returns {Store} */
export function memoryStore() {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  return {
    put: async (entry) => void entries.set(entry.id, structuredClone(entry)),
    remove: async (id) => void entries.delete(id),
    list: async (key) =>
      [...entries.values()].filter((entry) => !key || entry.key === key).sort((a, b) => a.at - b.at),
    prune: async () => {},
  };
}
