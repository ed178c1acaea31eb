// The page before the test: checks that tell the candidate what will work, then the start.
import { RequestError } from "../net/request.js";
import { deviceStore } from "../saving/index.js";
import { find } from "../ui/find.js";
import { call } from "./api.js";
import { clock as serverClock, serverNow } from "./clock.js";
import { sender } from "./tab.js";

/** @import {RoomData} from "./types.js" */

const EMPTY = { key: "check", owner: "", tab: "", url: "", method: "PUT", value: "", base: null, draft: "", at: 0 };

/** @param {RoomData} data */
export function startPage(data) {
  serverClock.learnFromPage(data.server_time);
  check("connection", connection);
  check("storage", storage);
  check("clock", clock);
  const button = find("[data-start]");
  button.addEventListener("click", () => start(button, data.candidate_id));
}

/** @param {string} name @param {() => Promise<string>} run */
async function check(name, run) {
  const line = find(`[data-check="${name}"]`);
  try {
    line.textContent = await run();
    line.dataset.state = "good";
  } catch (error) {
    line.textContent = /** @type {Error} */ (error).message;
    line.dataset.state = "bad";
  }
}

async function connection() {
  const trips = [];
  for (let round = 0; round < 3; round += 1) {
    const started = performance.now();
    const reply = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
    if (!reply?.ok) throw new Error("Connection: we cannot reach the server. Check your network, then load this page again.");
    trips.push(performance.now() - started);
  }
  return `Connection: good, the server answers in ${Math.round(Math.min(...trips))} ms.`;
}

async function storage() {
  try {
    await deviceStore.put({ ...EMPTY, id: "check" });
    await deviceStore.remove("check");
  } catch {
    throw new Error("Keeping answers on this device: not possible in this window. The test works, but do not close the page while it says offline.");
  }
  return "Keeping answers on this device: works, an outage loses nothing.";
}

async function clock() {
  const off = Math.round((Date.now() - serverNow()) / 1000);
  if (Math.abs(off) < 30) return "Clock: right. The test goes by the server's clock.";
  return `Clock: yours is ${Math.abs(off)} s ${off > 0 ? "fast" : "slow"}. That does no harm: the test goes by the server's clock.`;
}

/** @param {Element} button @param {string} candidate */
async function start(button, candidate) {
  const words = find("[data-start-error]");
  button.setAttribute("aria-busy", "true");
  words.hidden = true;
  try {
    await call("POST", "/test-session", { candidate_id: candidate, ...sender() });
    location.assign("/test");
  } catch (error) {
    button.removeAttribute("aria-busy");
    words.textContent =
      error instanceof RequestError && error.status ? error.message : "We could not reach the server. Nothing has started; please try again.";
    words.hidden = false;
  }
}
