// The practice room, before the test: the same editor and the same runs with a toy question. Nothing is saved, and no clock
// runs; font size, keys and panes that are chosen here are there in the test.
import { notice } from "./notices.js";
import { Runs, pathsOfTrial } from "./runs.js";
import { Work } from "./work.js";

/** @import {RequestError} from "../net/request.js" */
/** @import {AnswerTexts, RoomData} from "./types.js" */

/** @implements {AnswerTexts} */
class TrialTexts {
  constructor() {
    /** @type {Record<string, any>} */
    this.values = {};
    this.areKept = false;
    this.hasTabs = false;
  }

  /** @param {string} key @param {any} value */
  set(key, value) {
    this.values[key] = value;
  }

  finishSection() {}

  saverOf() {
    return { flush: async () => true };
  }
}

/** @param {RoomData} data */
export async function runTrial(data) {
  const work = await Work.open(data, new TrialTexts());
  new Runs(pathsOfTrial(data.candidate_id), work, refused);
}

/** @param {RequestError} error */
function refused(error) {
  if (error.code === "trial_is_over") location.assign("/test");
  else notice("access", `${error.message} Open the link of your invitation again.`, { tone: "danger" });
}
