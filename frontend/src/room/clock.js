// The one clock of the room; every reply with a server_time may correct it.
import { ServerClock } from "../ui/server_clock.js";

export const clock = new ServerClock();

export const serverNow = () => clock.now();

export function serverIso() {
  return new Date(serverNow()).toISOString();
}
