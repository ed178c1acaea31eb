// What has not reached the server yet, kept on this device: survives a reload, a crash, a night.
const NAME = "etude-room";
const STORE = "unsent";

function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore(mode, work) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

/** Unsent work is kept per tab, so that two tabs never write over each other's. */
export function keep(candidate, tab, unsent) {
  return inStore("readwrite", (store) => store.put(unsent, `${candidate}/${tab}`));
}

/** Everything unsent of this candidate, from this tab and from tabs that are gone. */
export async function readKept(candidate) {
  const range = IDBKeyRange.bound(`${candidate}/`, `${candidate}/\uffff`);
  const keys = await inStore("readonly", (store) => store.getAllKeys(range));
  const values = await inStore("readonly", (store) => store.getAll(range));
  return keys.map((key, index) => ({ tab: String(key).slice(candidate.length + 1), ...values[index] }));
}

export function drop(candidate, tab) {
  return inStore("readwrite", (store) => store.delete(`${candidate}/${tab}`));
}

export async function forgetKept(candidate) {
  try {
    const range = IDBKeyRange.bound(`${candidate}/`, `${candidate}/\uffff`);
    await inStore("readwrite", (store) => store.delete(range));
  } catch {
    // Nothing was kept, or the device keeps nothing.
  }
}
