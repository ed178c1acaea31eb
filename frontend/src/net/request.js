// One way to talk to our own server: CSRF token, idempotency key, time limit, errors that can be read.

/** @returns {string} a random UUID, also where crypto.randomUUID is missing (plain http) */
export function newKey() {
  const { crypto } = globalThis;
  if (/** @type {Partial<Crypto>} */ (crypto).randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** @returns {string} the CSRF token as it is now: another tab's sign-in may have changed it */
export function csrfToken() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  if (found) return decodeURIComponent(found[1]);
  const field = document.querySelector('input[name="csrfmiddlewaretoken"]');
  return field instanceof HTMLInputElement ? field.value : "";
}

/** @param {number} ms @returns {Promise<void>} */
export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * A refusal or failure, with everything a page needs to say it.
 * `retryable`: trying the same again may work. `offline`: the server was not reached.
 */
export class RequestError extends Error {
  /** @param {string} message @param {{status?: number, code?: string, body?: any, retryAfter?: number | null}} [more] */
  constructor(message, { status = 0, code = "", body = null, retryAfter = null } = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.body = body;
    this.retryAfter = retryAfter;
  }
  get offline() {
    return this.status === 0;
  }
  get retryable() {
    if (this.status === 0 || this.status >= 500 || [408, 425, 429].includes(this.status)) return true;
    return this.status === 409 && this.retryAfter !== null; // a duplicate of this request still runs
  }
}

/** Seconds of a Retry-After header, or null. @param {string | null} value */
export function readRetryAfter(value) {
  if (!value) return null;
  const seconds = Number(value);
  if (Number.isFinite(seconds)) return Math.max(0, seconds);
  const moment = Date.parse(value);
  return Number.isNaN(moment) ? null : Math.max(0, (moment - Date.now()) / 1000);
}

/** @param {Response} response */
async function readError(response) {
  const retryAfter = readRetryAfter(response.headers.get("Retry-After"));
  const body = await response.json().catch(() => null);
  const message = body?.error || `The server answered ${response.status}.`;
  return new RequestError(message, { status: response.status, code: body?.code || "", body, retryAfter });
}

/**
 * @typedef {object} SendOptions
 * @property {string} [method]     GET
 * @property {any} [json]          the body, to be written as JSON
 * @property {string} [text]       or the body as it is
 * @property {string} [key]        idempotency key
 * @property {Record<string, string>} [headers]
 * @property {number} [timeout]    milliseconds
 * @property {boolean} [keepalive] outlives the page
 */

/**
 * Send once. Resolves with the parsed JSON (null when there is none), throws RequestError.
 * @param {string} url
 * @param {SendOptions} [options]
 * @returns {Promise<any>}
 */
export async function send(url, { method = "GET", json, text, key, headers = {}, timeout = 20000, keepalive = false } = {}) {
  /** @type {Record<string, string>} */
  const all = { Accept: "application/json", ...headers };
  const body = text ?? (json === undefined ? undefined : JSON.stringify(json));
  if (body !== undefined) all["Content-Type"] = "application/json";
  if (method !== "GET" && method !== "HEAD") all["X-CSRFToken"] = csrfToken();
  if (key) all["Idempotency-Key"] = key;
  let response;
  try {
    const signal = AbortSignal.timeout(timeout);
    response = await fetch(url, { method, body, headers: all, credentials: "same-origin", signal, keepalive });
  } catch (cause) {
    throw new RequestError("We could not reach the server.", { status: 0, code: cause instanceof Error ? cause.name : "" });
  }
  if (!response.ok) throw await readError(response);
  if (response.redirected) throw new RequestError("You are signed out.", { status: 401, code: "signed_out" });
  return response.status === 204 ? null : response.json().catch(() => null);
}

/**
 * How long to wait before try number `tries` (1, 2, …): 1, 2, 4 … 30 s, ± a quarter, at least Retry-After.
 * @param {number} tries @param {number | null} [retryAfter]
 */
export function backoff(tries, retryAfter = null, { first = 1000, most = 30000, random = Math.random } = {}) {
  const wait = Math.min(most, first * 2 ** (tries - 1)) * (0.75 + random() / 2);
  return Math.max(wait, (retryAfter ?? 0) * 1000);
}

/**
 * Send with the same idempotency key until it works, `tries` times at most.
 * @param {string} url @param {SendOptions} [options]
 */
export async function sendWithRetry(url, options = {}, { tries = 4 } = {}) {
  const key = options.key ?? (options.method && options.method !== "GET" ? newKey() : undefined);
  for (let number = 1; ; number += 1) {
    try {
      return await send(url, { ...options, key });
    } catch (error) {
      if (!(error instanceof RequestError) || !error.retryable || number >= tries) throw error;
      await sleep(backoff(number, error.retryAfter));
    }
  }
}

/**
 * Whether the server answers at all, whatever it says. A browser that is sent to a page without it shows its own.
 * @returns {Promise<boolean>}
 */
export async function isReachable({ timeout = 8000 } = {}) {
  try {
    await fetch("/healthz", { cache: "no-store", signal: AbortSignal.timeout(timeout) });
    return true;
  } catch {
    return false;
  }
}
