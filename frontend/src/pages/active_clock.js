// Counts the seconds in which somebody works on the page: visible, and touched within the last two minutes.
const IDLE_AFTER = 120;

/** @returns {{touch(): void, read(): number, sent(): void}} `read` is what the next save reports */
export function activeClock() {
  let seconds = 0;
  let reported = 0;
  let quiet = 0;
  setInterval(() => {
    quiet += 1;
    if (!document.hidden && quiet <= IDLE_AFTER) seconds += 1;
  }, 1000);
  return {
    touch() {
      quiet = 0;
    },
    read() {
      reported = seconds;
      return seconds;
    },
    sent() {
      seconds = Math.max(0, seconds - reported);
      reported = 0;
    },
  };
}
