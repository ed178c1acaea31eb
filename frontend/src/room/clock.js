// The server's clock, carried by performance.now(): whatever the device's own clock says or does meanwhile
// changes nothing. The half of the round trip is taken off; the best (shortest) trip of late wins.
let base = null; // {server, at, trip}

export function setServerTime(text, sent, received) {
  const trip = received - sent;
  const stale = base && received - base.at > 5 * 60 * 1000;
  if (base && !stale && trip > base.trip + 250) return;
  base = { server: Date.parse(text) + trip / 2, at: received, trip };
}

export function serverNow() {
  return base ? base.server + (performance.now() - base.at) : Date.now();
}

export function serverIso() {
  return new Date(serverNow()).toISOString();
}

/** "59:58", or "1:04:09" from an hour on. */
export function minutesAndSeconds(milliseconds) {
  const total = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes, seconds] = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}
