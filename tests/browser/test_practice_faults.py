"""A server that fails one save in three, two tabs, 200 random edits: whatever was ever shown as
saved is the draft or among the revisions. Ten seeds."""

from __future__ import annotations

import random

import pytest
from playwright.sync_api import Route

from tests.browser.workspace import DRAFTS, kept_texts, practice_of

pytestmark = pytest.mark.django_db(transaction=True)


RUN = """
async ({url, name, edits, seed}) => {
  const { createSaver } = await import("/static/dist/saving.js");
  let random = seed;
  const next = () => ((random = (random * 1103515245 + 12345) % 2147483648) / 2147483648);
  let text = "";
  const shown = [];
  const saver = createSaver({
    key: `draft:fault:${seed}`, url, baseVersion: 0, savedValue: "", delay: 8, jitter: 8, longest: 60,
    firstWait: 15, keepEvery: 4,
    readValue: () => text,
    writeValue: (value) => { text = value; },
    onState: ({ state, at }) => state === "saved" && at && shown.push(text),
    onSaved: (answer, value) => shown.push(value),
  });
  await saver.ready;
  for (let n = 1; n <= edits; n += 1) {
    const at = Math.floor(next() * (text.length + 1));
    text = next() < 0.8 ? `${text.slice(0, at)} ${name}${n} ${text.slice(at)}`.slice(-400) : text.slice(0, at);
    saver.changed();
    await new Promise((done) => setTimeout(done, next() * 70));
    // However slow the machine is, every third edit has had its chance to be sent.
    for (let n10 = 0; n % 3 === 0 && saver.pushing && n10 < 200; n10 += 1) await new Promise((done) => setTimeout(done, 10));
  }
  const before = Date.now();
  while (saver.pending && Date.now() - before < 40000) {
    await saver.flush();
    await new Promise((done) => setTimeout(done, 30));
  }
  return { shown, text, pending: saver.pending };
}
"""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 11))
def test_nothing_shown_as_saved_is_ever_lost(context, page, problems, sign_in, session, seed):
    """One save in three is dropped, loses its answer, is late, comes twice or meets a 500; 200
    edits in two tabs."""
    sign_in(page, session.user)
    page.goto("/practice")
    other = context.new_page()
    other.goto("/practice")
    dice = random.Random(seed)
    faults = dict.fromkeys(("drop", "deaf", "late", "twice", "broken"), 0)
    deck: list[str] = []  # each kind comes before any comes again

    def unreliable(route: Route) -> None:
        if dice.random() >= 1 / 3:
            route.continue_()
            return
        if not deck:
            deck.extend(dice.sample(list(faults), len(faults)))
        fault = deck.pop()
        faults[fault] += 1
        if fault == "drop":
            route.abort()
        elif fault == "deaf":  # the server has it, the page never hears so
            route.fetch()
            route.abort()
        elif fault == "late":
            page.wait_for_timeout(60)
            route.continue_()
        elif fault == "twice":
            route.fetch()
            route.continue_()
        else:
            route.fulfill(
                status=500, json={"error": "Broken.", "code": "server_error", "fields": {}}
            )

    context.route(DRAFTS, unreliable)
    practice = practice_of(session)
    url = f"/api/v1/practice-main/{session.pk}/questions/{practice.question_id}/draft"
    start = f"(what) => {{ window.run = ({RUN})(what); }}"
    other.evaluate(start, {"url": url, "name": "b", "edits": 100, "seed": seed})
    first = page.evaluate(RUN, {"url": url, "name": "a", "edits": 100, "seed": seed + 100})
    second = other.evaluate("() => window.run")

    kept = kept_texts(practice)
    for tab in (first, second):
        assert not tab["pending"]
        assert tab["text"] in kept
        lost = [text for text in tab["shown"] if text and text not in kept]
        assert not lost, f"{len(lost)} texts that were shown as saved are gone: {lost[:2]}"
    assert min(faults.values()) >= 1 and sum(faults.values()) >= 8, faults
    assert len(set(first["shown"]) | set(second["shown"])) > 15
    problems.clear()  # the faults were ours
