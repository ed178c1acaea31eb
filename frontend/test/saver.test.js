import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestError } from "../src/net/request.js";
import { Saver } from "../src/saving/saver.js";
import { memoryStore } from "../src/saving/store.js";

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const quick = { delay: 2, jitter: 2, longest: 20, keepEvery: 1, firstWait: 2 };

const browser = {
  join: () => ({ saved() {}, leave() {} }),
  hold: async () => {},
  orphanTest: async () => (entry) => entry.tab === "gone",
  alone: (name, work) => work(),
};

/** A draft on a server that behaves as ours: versions, conflicts, revisions, idempotency keys. */
function fakeServer({ faults = () => "ok" } = {}) {
  const server = { text: "", version: 0, revisions: [], keys: new Map(), calls: 0 };
  const apply = (key, { answer_text, base_version }) => {
    if (server.keys.has(key)) return server.keys.get(key);
    const conflict = base_version !== server.version && answer_text !== server.text;
    if (answer_text !== server.text) {
      server.revisions.push({ text: server.text, conflict });
      server.text = answer_text;
      server.version += 1;
    }
    const answer = { version: server.version, conflict };
    server.keys.set(key, answer);
    return answer;
  };
  server.sender = async (url, { text, key }) => {
    server.calls += 1;
    const fault = faults();
    await pause(Math.random() * 3);
    if (fault === "drop") throw new RequestError("dropped", { status: 0 });
    if (fault === "500") throw new RequestError("failed", { status: 500 });
    const answer = apply(key, JSON.parse(text));
    if (fault === "twice") apply(key, JSON.parse(text));
    if (fault === "lost answer") throw new RequestError("lost", { status: 0 });
    return answer;
  };
  server.knows = (text) => server.text === text || server.revisions.some((revision) => revision.text === text);
  return server;
}

function page({ server, store = memoryStore(), text = server.text, base = server.version, ...more }) {
  const field = { text };
  const states = [];
  const saver = new Saver({
    ...quick, key: "draft:1", url: "/draft", owner: "7", store, browser, sender: server.sender, baseVersion: base,
    readValue: () => field.text,
    writeValue: (value) => (field.text = value),
    onState: (state) => states.push(state),
    ...more,
  });
  const type = (value) => ((field.text = value), saver.changed());
  return { saver, field, states, type, store };
}

test("a change is saved once and an unchanged text is not sent", async () => {
  const server = fakeServer();
  const { saver, type, states } = page({ server });
  type("one");
  assert.equal(await saver.flush(), true);
  saver.changed();
  assert.equal(await saver.flush(), true);
  assert.equal(server.text, "one");
  assert.equal(server.calls, 1);
  assert.equal(states.at(-1).words, "Saved");
  saver.close();
});

test("offline texts stay on the device and are replayed in order with their keys after a reload", async () => {
  let offline = true;
  const server = fakeServer({ faults: () => (offline ? "lost answer" : "ok") });
  const first = page({ server });
  first.type("a");
  assert.equal(await first.saver.flush(), false);
  assert.match(first.states.at(-1).words, /Offline: kept on this device/);
  first.type("a b");
  await first.saver.enqueue();
  first.saver.close();
  assert.deepEqual((await first.store.list()).map((entry) => entry.value), ["a", "a b"]);

  // The page is gone: its lock too, so the next one takes over.
  for (const entry of await first.store.list()) await first.store.put({ ...entry, tab: "gone" });
  offline = false;
  const second = page({ server, store: first.store, text: "a", base: 1 });
  assert.equal(await second.saver.flush(), true);
  assert.equal(second.field.text, "a b");
  assert.equal(server.text, "a b");
  assert.equal(server.version, 2);
  assert.deepEqual(server.revisions.map((revision) => revision.conflict), [false, false]);
  assert.deepEqual(await first.store.list(), []);
  second.saver.close();
});

test("a replayed text that was replaced meanwhile does not come back over the newer one", async () => {
  const server = fakeServer({ faults: () => "ok" });
  const store = memoryStore();
  const old = { id: "1", key: "draft:1", owner: "7", url: "/draft", method: "PUT", tab: "gone", at: 1, base: 0, value: "old" };
  await store.put({ ...old, body: JSON.stringify({ answer_text: "old", base_version: 0 }), idem: "k" });
  await server.sender("", { text: JSON.stringify({ answer_text: "old", base_version: 0 }), key: "k" });
  await server.sender("", { text: JSON.stringify({ answer_text: "newer", base_version: 1 }), key: "l" });
  const { saver, field } = page({ server, store });
  await saver.flush();
  assert.equal(field.text, "newer");
  assert.equal(server.text, "newer");
  saver.close();
});

test("another person's texts on the same device are left alone", async () => {
  const server = fakeServer();
  const store = memoryStore();
  await store.put({ id: "1", key: "draft:1", owner: "8", url: "/draft", method: "PUT", tab: "gone", at: 1, value: "hers" });
  const { saver, field } = page({ server, store });
  await saver.flush();
  assert.equal(field.text, "");
  assert.equal((await store.list()).length, 1);
  saver.close();
});

test("a refusal says why, keeps the text and lets the next one through", async () => {
  const server = fakeServer();
  let refuse = true;
  const sender = (...call) => {
    if (refuse) throw new RequestError("This set is completed.", { status: 409, code: "ended" });
    return server.sender(...call);
  };
  const { saver, type, states, store } = page({ server, sender: async (...call) => sender(...call) });
  type("late");
  assert.equal(await saver.flush(), false);
  assert.match(states.at(-1).words, /This set is completed.*kept on this device/);
  assert.equal((await store.list())[0].refused.status, 409);
  refuse = false;
  type("later");
  assert.equal(await saver.flush(), true);
  assert.equal(server.text, "later");
  saver.close();
});

/** A page whose text the server refused, and the next page with the same store. */
async function refusedAndReloaded({ status }) {
  const server = fakeServer();
  const good = server.sender;
  const refuse = { now: true };
  server.sender = async (url, request) => {
    if (refuse.now) throw new RequestError("Not like this.", { status, code: "refused" });
    return good(url, request);
  };
  const first = page({ server });
  first.type("bad");
  assert.equal(await first.saver.flush(), false);
  first.type("bad and more");
  assert.equal(await first.saver.flush(), false);
  first.saver.close();
  const { store } = first;
  for (const entry of await store.list()) await store.put({ ...entry, tab: "gone" });
  return { server, refuse, store, open: () => page({ server, store }) };
}

test("a text that was refused for its content is offered again with its cause, and never sent unchanged", async () => {
  const { server, refuse, store, open } = await refusedAndReloaded({ status: 400 });
  assert.deepEqual((await store.list()).map((entry) => entry.value), ["bad and more"]);
  refuse.now = false;
  const { saver, field, states, type } = open();
  await saver.ready;
  assert.equal(field.text, "bad and more");
  assert.match(states.at(-1).words, /Not like this.*kept on this device/);
  assert.equal(await saver.flush(), false);
  saver.follow({ version: 9, value: "from another tab" });
  assert.equal(field.text, "bad and more");
  assert.equal(server.calls, 0);
  type("good");
  assert.equal(await saver.flush(), true);
  assert.equal(server.text, "good");
  assert.deepEqual(await store.list(), []);
  saver.close();
});

test("a clock that is set back does not confuse the refused words with newer ones", async (context) => {
  const { refuse, store, open } = await refusedAndReloaded({ status: 413 });
  await store.put({ ...(await store.list())[0], id: "0", at: 1, value: "before", refused: undefined });
  refuse.now = false;
  const { saver, field, type, states } = open();
  context.mock.method(Date, "now", () => 5);
  await saver.ready;
  assert.equal(field.text, "bad and more");
  assert.equal(states.at(-1).state, "refused");
  type("good");
  assert.equal(await saver.flush(), true);
  assert.deepEqual(await store.list(), []);
  saver.close();
});

test("a text that was refused for want of access is sent by the next page", async () => {
  const { server, refuse, store, open } = await refusedAndReloaded({ status: 401 });
  refuse.now = false;
  const { saver, field } = open();
  await saver.ready;
  assert.equal(field.text, "bad and more");
  assert.equal(await saver.flush(), true);
  assert.equal(server.text, "bad and more");
  assert.deepEqual(await store.list(), []);
  saver.close();
});

test("what the server went back behind is sent again, as a new version, and said", async () => {
  const server = fakeServer();
  const said = [];
  const { saver, type, states } = page({ server, onLost: () => said.push("lost") });
  type("before the backup");
  await saver.flush();
  type("saved since");
  await saver.flush();
  saver.heard(2, saver.base);
  saver.heard(1, 1); // asked before the last save: old news
  assert.deepEqual([said, server.calls], [[], 2]);

  Object.assign(server, { text: "before the backup", version: 1 }); // the restore
  saver.heard(1, saver.base);
  assert.equal(states.at(-1).state, "saving");
  assert.equal(await saver.flush(), true);
  assert.deepEqual([said, server.text, states.at(-1).words], [["lost"], "saved since", "Saved"]);
  saver.close();
});

test("when the server knows the text no more it is kept here, and only what is still missing is sent later", async () => {
  for (const [stored, calls] of [[0, 1], [1, 0]]) {
    const server = fakeServer();
    const first = page({ server });
    first.type("saved once");
    await first.saver.flush();
    await first.saver.keepHere(new RequestError("There is no such session.", { status: 404 }));
    assert.match(first.states.at(-1).words, /no such session.*kept on this device/);
    first.saver.close();
    const { store } = first;
    assert.deepEqual((await store.list()).map(({ value, known }) => [value, known]), [["saved once", 1]]);
    for (const entry of await store.list()) await store.put({ ...entry, tab: "gone" });

    if (!stored) Object.assign(server, { text: "", version: 0 });
    server.calls = 0;
    const second = page({ server, store });
    assert.equal(await second.saver.flush(), true);
    assert.deepEqual([second.field.text, server.text, server.calls], ["saved once", "saved once", calls]);
    assert.deepEqual(await store.list(), []);
    second.saver.close();
  }
});

test("what no database takes is taken out on the page before it is sent", async () => {
  const server = fakeServer();
  let told = 0;
  const { saver, type, field } = page({ server, onMended: () => (told += 1) });
  type("a\0b \ud83d");
  assert.equal(await saver.flush(), true);
  assert.deepEqual([field.text, server.text, told], ["ab ", "ab ", 1]);
  saver.close();
});

test("Try now sends what was refused once more: room may have been made", async () => {
  const server = fakeServer();
  const good = server.sender;
  let full = true;
  server.sender = async (...call) => {
    if (full) throw new RequestError("Your 200 MB are used up.", { status: 413, code: "quota" });
    return good(...call);
  };
  const { saver, type, states } = page({ server, explain: (error, value) => (value.length > 99 ? "Too long." : "") });
  type("words");
  assert.equal(await saver.flush(), false);
  assert.deepEqual([states.at(-1).words, states.at(-1).canRetry], ["Not saved: Your 200 MB are used up. It is kept on this device.", true]);
  await states.at(-1).retry();
  assert.equal(states.at(-1).state, "refused");
  full = false;
  await states.at(-1).retry();
  assert.deepEqual([states.at(-1).words, server.text], ["Saved", "words"]);
  saver.close();
});

test("an answer that is not our server's is no confirmation", async () => {
  const { saver, type } = page({ server: { ...fakeServer(), sender: async () => null } });
  type("behind a sign-in page");
  assert.equal(await saver.flush(), false);
  assert.equal(saver.pending, true);
  saver.close();
});

test("a full device is said, and saving goes on", async () => {
  const server = fakeServer({ faults: () => "drop" });
  const store = { ...memoryStore(), put: async () => { throw Object.assign(new Error(), { name: "QuotaExceededError" }); } };
  const { saver, type, states } = page({ server, store });
  type("one");
  assert.equal(await saver.flush(), false);
  assert.match(states.at(-1).words, /leave this page open/);
  assert.equal(states.at(-1).device, "full");
  saver.close();
});

test("an old base version raises a conflict with the text that was written", async () => {
  const server = fakeServer();
  const conflicts = [];
  const { saver, type } = page({ server, onConflict: (conflict) => conflicts.push(conflict) });
  await server.sender("", { text: JSON.stringify({ answer_text: "theirs", base_version: 0 }), key: "other" });
  type("mine");
  await saver.flush();
  assert.equal(conflicts[0].mine, "mine");
  assert.ok(server.knows("theirs"));
  saver.close();
});

for (let seed = 1; seed <= 10; seed += 1) {
  test(`nothing that was shown as saved is ever lost, two tabs, seed ${seed}`, async () => {
    let state = seed * 7919;
    const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
    const server = fakeServer({
      faults: () => (random() < 1 / 3 ? ["drop", "500", "twice", "lost answer"][Math.floor(random() * 4)] : "ok"),
    });
    const shown = new Set();
    const open = () => page({ server, onSaved: (_, value) => shown.add(value) });
    const tabs = [open(), open()];
    for (let edit = 0; edit < 200; edit += 1) {
      tabs[random() < 0.5 ? 0 : 1].type(`text ${edit}`);
      await pause(random() * 3);
    }
    for (const { saver } of tabs) while (!(await saver.flush())) await pause(1);
    for (const text of shown) assert.ok(server.knows(text), text);
    for (const { field } of tabs) assert.ok(server.knows(field.text), field.text);
    for (const { saver } of tabs) saver.close();
  });
}
