// Requests about one test. Every reply with a server_time corrects the clock.
import { RequestError, send } from "../net/request.js";
import { clock } from "./clock.js";

const TIMEOUT = 15000;

/**
 * JSON in and out. Throws RequestError: `offline` when there is no answer, else with the `status` that says no.
 * @param {string} method @param {string} path @param {any} [json] @param {{keepalive?: boolean, key?: string}} [options] @returns {Promise<any>}
 */
export async function call(method, path, json, { keepalive = false, key } = {}) {
  const started = performance.now();
  /** @param {any} answer */
  const learn = (answer) => answer?.server_time && clock.learn(answer.server_time, started, performance.now());
  try {
    const answer = await send(`/api${path}`, { method, json, keepalive, key, timeout: TIMEOUT });
    learn(answer);
    return answer;
  } catch (error) {
    if (error instanceof RequestError) learn(error.body);
    throw error;
  }
}

/** The server answered, and trying the same again will not help. @param {RequestError} error */
export const isRefusal = (error) => error.status > 0 && error.status < 500 && error.status !== 429;

/** The test was left, and there is time to take it up again. @param {RequestError} error */
export const wasLeft = ({ status, body }) => status === 409 && body?.code === "session_abandoned" && body.status === "abandoned";
