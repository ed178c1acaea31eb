// Saves the words of one question as they are typed. Until the server has them, the device keeps them.
import { call } from "./api.js";

const PAUSE_MS = 900;

const WORDS = {
  saved: "Saved",
  saving: "Saving",
  offline: "Offline: kept on this device",
  refused: "Could not be saved",
};

export class Draft {
  #timer = 0;
  #running = null;

  constructor({ url, field, version, badge, storeKey }) {
    Object.assign(this, { url, field, version, badge, storeKey });
    this.saved = field.value;
    this.#takeBack();
    field.addEventListener("input", () => this.touch());
    window.addEventListener("online", () => this.flush());
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    if (this.version) this.show("saved");
  }

  show(state) {
    this.badge.dataset.state = state;
    if (this.badge.textContent !== WORDS[state]) this.badge.textContent = WORDS[state];
  }

  touch() {
    this.#keep();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** Save now what is not saved yet; resolves when the server has it or has said no. */
  async flush() {
    clearTimeout(this.#timer);
    if (this.#running) await this.#running;
    if (this.field.value === this.saved) return;
    this.#running = this.#send(this.field.value);
    await this.#running;
    this.#running = null;
  }

  async #send(text) {
    this.show("saving");
    try {
      const body = { answer_text: text, base_version: this.version };
      const answer = await call("PUT", this.url, body, crypto.randomUUID());
      this.version = answer.version;
      this.saved = text;
      if (this.field.value === text) {
        localStorage.removeItem(this.storeKey);
        this.show("saved");
      } else this.touch();
    } catch (error) {
      this.show(error.status ? "refused" : "offline");
      if (!error.status || error.status >= 500) this.#timer = setTimeout(() => this.flush(), 5000);
    }
  }

  #keep() {
    try {
      localStorage.setItem(this.storeKey, this.field.value);
    } catch {
      // A full store: the server still gets the text.
    }
  }

  #takeBack() {
    const kept = localStorage.getItem(this.storeKey);
    if (kept !== null && kept !== this.field.value) {
      this.field.value = kept;
      this.touch();
    }
  }
}
