// Texts that were left on this device by pages that are gone, for which no page is open now: send them.
import { RequestError, newKey, send } from "../net/request.js";
import { deviceStore } from "./store.js";
import { alone, holdTab, orphanTest } from "./tabs.js";

/** @import {Entry, Store, Version} from "./types.js" */

/** A request that was never tried builds on the version its forerunner got. @param {string} draft @param {Version} version */
function bodyAfter(draft, version) {
  const body = JSON.parse(draft);
  if (version !== null && "base_version" in body) body.base_version = version;
  return JSON.stringify(body);
}

/** @param {Entry[]} entries */
function byKey(entries) {
  /** @type {Map<string, Entry[]>} */
  const groups = new Map();
  for (const entry of entries) groups.set(entry.key, [...(groups.get(entry.key) ?? []), entry]);
  return groups;
}

/** @param {Entry[]} entries @param {Store} store */
async function sendInOrder(entries, store) {
  /** @type {Version} */
  let version = null;
  for (const entry of entries) {
    try {
      const text = entry.body ?? bodyAfter(entry.draft, version);
      const answer = await send(entry.url, { method: entry.method, text, key: entry.idem ?? newKey() });
      version = answer?.version ?? version;
      await store.remove(entry.id);
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      if (error.retryable || error.status === 401) return;
      await store.put({ ...entry, refused: { status: error.status, code: error.code, message: error.message } });
    }
  }
}

/**
 * @param {{except?: string[], owner?: string, store?: Store}} [options] keys that this page saves itself
 * @returns {Promise<number>} how many texts still wait on this device for this person
 */
export async function sendLeftovers({ except = [], owner = document.body.dataset.user ?? "", store = deviceStore } = {}) {
  await holdTab();
  return alone("leftovers", async () => {
    await store.prune();
    const isOrphan = await orphanTest();
    /** @param {Entry} entry */
    const mine = (entry) => entry.owner === owner && !entry.refused && entry.known === undefined && !except.includes(entry.key) && isOrphan(entry);
    const groups = byKey((await store.list()).filter(mine));
    for (const entries of groups.values()) await sendInOrder(entries, store);
    return (await store.list()).filter(mine).length;
  });
}
