// The server's clock, carried by performance.now(): whatever the device's own clock says or does changes nothing.
//
// An answer proves one thing only: its server_time was read between sending and receiving. So what we believe moves only
// when an answer proves it wrong, and then by as little as possible. A reply that was 20 s on its way proves nothing about
// less than 20 s, and a timer that goes by this clock is never set back by it.

export class ServerClock {
  /** @type {number | null} */
  offset = null; // server's time minus performance.now(), in milliseconds

  /**
   * @param {string} text   server_time of an answer
   * @param {number} sent   when the request left, on performance.now()
   * @param {number} received
   */
  learn(text, sent, received) {
    const server = Date.parse(text);
    if (Number.isNaN(server)) return;
    const [least, most] = [server - received, server - sent];
    const believed = this.offset ?? (least + most) / 2;
    this.offset = Math.min(Math.max(believed, least), most);
  }

  /** The server_time that stands in this very page. @param {string} text @param {PerformanceNavigationTiming} [page] */
  learnFromPage(text, page = navigation()) {
    this.learn(text, page?.requestStart || 0, page?.responseStart || performance.now());
  }

  now() {
    return this.offset === null ? Date.now() : this.offset + performance.now();
  }
}

const navigation = () => /** @type {PerformanceNavigationTiming | undefined} */ (performance.getEntriesByType?.("navigation")[0]);

/**
 * Calls `woke` when the device slept or its clock was set: performance.now() may have stood still meanwhile, so it is time
 * to ask the server. @returns {() => void} to be called now and then
 * @param {(slept: number) => void} woke @param {{most?: number}} [options]
 */
export function sleepWatch(woke, { most = 3000 } = {}) {
  let gap = Date.now() - performance.now();
  return () => {
    const now = Date.now() - performance.now();
    if (Math.abs(now - gap) > most) woke(now - gap);
    gap = now;
  };
}
