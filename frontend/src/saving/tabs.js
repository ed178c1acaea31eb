// Tabs of the same browser know each other: who has the same text open, and which tabs are still alive.
import { newKey } from "../net/request.js";

/** @import {Entry, TabLine, TabListeners, Tabs} from "./types.js" */

export const TAB = newKey();
const ORPHAN_AFTER_MS = 30000; // only where Web Locks are missing

/** @type {Promise<boolean> | null} */
let holding = null;

/** Hold a lock named after this tab for as long as it lives; a crash lets go of it. */
export function holdTab() {
  holding ??= new Promise((held) => {
    if (!globalThis.navigator?.locks) return held(false);
    navigator.locks.request(`etude-tab:${TAB}`, () => {
      held(true);
      return new Promise(() => {});
    }).catch(() => held(false));
  });
  return holding;
}

/** @returns {Promise<(entry: Entry) => boolean>} tells whether the tab that wrote an entry is gone @param {number} [now] */
export async function orphanTest(now = Date.now()) {
  if (!globalThis.navigator?.locks) return (entry) => entry.tab !== TAB && now - entry.at > ORPHAN_AFTER_MS;
  const { held = [] } = await navigator.locks.query();
  const alive = new Set(held.map((lock) => lock.name));
  return (entry) => entry.tab !== TAB && !alive.has(`etude-tab:${entry.tab}`);
}

/** Run `work` in one tab at a time; where locks are missing simply run it. @param {string} name @param {() => any} work */
export function alone(name, work) {
  return globalThis.navigator?.locks ? navigator.locks.request(`etude:${name}`, work) : work();
}

/**
 * A line to the other tabs that have the same text open.
 * @param {string} key
 * @param {TabListeners} listeners
 * @returns {TabLine}
 */
export function joinTabs(key, { onTabs, onSaved }) {
  if (!globalThis.BroadcastChannel) return { saved() {}, leave() {} };
  const channel = new BroadcastChannel(`etude-saving:${key}`);
  /** @type {Set<string>} */
  const others = new Set();
  /** @param {string} type @param {object} [more] */
  const say = (type, more = {}) => channel.postMessage({ type, tab: TAB, ...more });
  channel.onmessage = ({ data }) => {
    if (data.tab === TAB) return;
    if (data.type === "bye") others.delete(data.tab);
    else others.add(data.tab);
    if (data.type === "hello") say("here");
    if (data.type === "saved") onSaved(data);
    else onTabs(others.size);
  };
  say("hello");
  const leave = () => say("bye");
  // A page that comes back from the browser's cache is a tab again.
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => event.persisted && say("hello"));
  return {
    saved: (version, value) => say("saved", { version, value }),
    leave() {
      leave();
      removeEventListener("pagehide", leave);
      channel.close();
    },
  };
}

/** What a saver needs of this file; tests put their own in its place. @type {Tabs} */
export const browserTabs = { join: joinTabs, hold: holdTab, orphanTest, alone };
