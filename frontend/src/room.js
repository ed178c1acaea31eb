// The candidate's room, before, during and after the test.
import { startPage } from "./room/before.js";
import { forgetPlace } from "./room/place.js";
import { runRoom } from "./room/room.js";
import { handOverLate } from "./room/texts.js";
import { runTrial } from "./room/trial.js";
import { find, readJson } from "./ui/find.js";

/** @type {import("./room/types.js").RoomData} */
const data = readJson("room-data");

if (document.querySelector("[data-start]")) startPage(data);
else if (document.querySelector("[data-room]")) runRoom(data);
else if (document.querySelector("[data-trial]")) {
  await runTrial(data);
  find("[data-trial]").dataset.ready = "yes";
} else if (document.querySelector("[data-room-over]")) {
  forgetPlace(data.candidate_id);
  handOverLate(data.candidate_id).catch(() => {});
}
