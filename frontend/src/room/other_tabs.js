// The other tabs of this browser that have the same test open. What one has saved the others show at once, so that only
// words written in two places at the same time can ever meet.
import { tabId } from "./tab.js";

export class OtherTabs {
  /** @param {{onTab: () => void, onSaved: (answers: object) => void}} listener */
  constructor(candidate, { onTab, onSaved }) {
    if (!("BroadcastChannel" in window)) return;
    this.channel = new BroadcastChannel(`etude-test-${candidate}`);
    this.channel.onmessage = ({ data }) => {
      if (data.tab === tabId) return;
      if (data.word === "hello") this.say("here");
      if (data.word === "saved") onSaved(data.answers);
      onTab();
    };
    this.say("hello");
  }

  saved(answers) {
    this.say("saved", { answers });
  }

  say(word, more = {}) {
    this.channel?.postMessage({ word, tab: tabId, ...more });
  }
}
