// The candidate's page, whichever stage it is in.
import { startPage } from "./room/before.js";
import { runRoom } from "./room/room.js";
import { forgetKept } from "./room/kept.js";

const data = JSON.parse(document.getElementById("room-data").textContent);

if (document.querySelector("[data-start]")) startPage(data);
else if (document.querySelector("[data-room]")) runRoom(data);
else if (document.querySelector("[data-room-over]")) forgetKept(data.candidate_id);
