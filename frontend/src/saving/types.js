// The shapes that the saving library shares.
/** @import {RequestError} from "../net/request.js" */

/**
 * A version of a text: a number that grows, or a mark of the text itself.
 * @typedef {number | string | null} Version
 */

/**
 * What stands on the device, see store.js.
 * @typedef {object} Entry
 * @property {string} id
 * @property {string} key
 * @property {string} owner
 * @property {string} tab
 * @property {string} url
 * @property {string} method
 * @property {any} value
 * @property {Version} base
 * @property {string} draft
 * @property {string | null} [body]
 * @property {string | null} [idem]
 * @property {number} at
 * @property {Refusal} [refused]
 * @property {boolean} [older]   than the words that were refused
 * @property {number} [known]    the server had acknowledged it as this version before it forgot the text
 */

/** @typedef {{status: number, code: string, message: string}} Refusal */

/**
 * A server's answer to a save, as far as the library reads it.
 * @typedef {{version?: Version, conflict?: boolean} & Record<string, any>} Answer
 */

/**
 * @typedef {{method: string, text: string, key?: string, headers?: Record<string, string>, keepalive?: boolean}} SaveRequest
 */

/** @typedef {"saved" | "saving" | "offline" | "retrying" | "refused"} StateName */

/**
 * @typedef {object} State
 * @property {StateName} state
 * @property {number | null} at              when everything was saved last
 * @property {RequestError | Refusal | null} error
 * @property {number | null} retryAt
 * @property {number | null} seconds
 * @property {"ok" | "full" | "none"} device
 */

/** @typedef {{words: string, wait: string, canRetry: boolean, alarming: boolean}} Words */
/** @typedef {State & Words & {retry: () => void}} ShownState */

/**
 * @typedef {object} Store
 * @property {(entry: Entry) => Promise<unknown>} put
 * @property {(id: string) => Promise<unknown>} remove
 * @property {(key?: string) => Promise<Entry[]>} list
 * @property {(now?: number) => Promise<void>} prune
 */

/** @typedef {{version: Version, value: any}} News */
/** @typedef {{onTabs: (count: number) => void, onSaved: (news: News) => void}} TabListeners */
/** @typedef {{saved: (version: Version, value: any) => void, leave: () => void}} TabLine */

/**
 * What a saver needs of tabs.js.
 * @typedef {object} Tabs
 * @property {(key: string, listeners: TabListeners) => TabLine} join
 * @property {() => Promise<unknown>} hold
 * @property {(now?: number) => Promise<(entry: Entry) => boolean>} orphanTest
 * @property {(name: string, work: () => any) => Promise<any>} alone
 */

export {};
