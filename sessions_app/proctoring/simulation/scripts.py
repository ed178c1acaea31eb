"""How candidates behave: most are steady, some have a bad line, two tabs or second thoughts."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from sessions_app.proctoring.simulation.client import Browser

KEYS = [f"question-{number}" for number in range(1, 6)]
RUN = 0.1
Script = Callable[[Browser, float, float], None]


def _write(browser: Browser, until: float, pace: float, tabs: list[str]) -> None:
    """Work until the time is over: saves, beats, activity; now and then a lost connection."""
    dice = browser.dice
    programs = list(browser.ledger.programs)
    while time.monotonic() < until:
        tab, luck = dice.choice(tabs), dice.random()
        if programs and luck < RUN:
            browser.run(dice.choice(programs))
        elif luck < 0.55:
            keys = dice.sample(KEYS + programs, dice.randint(1, 3))
            browser.save(tab, keys, drop=dice.random() < 0.06, twice=dice.random() < 0.1)
        elif luck < 0.85:
            browser.beat(tab)
        else:
            browser.call("PUT", browser.path("activity"))
        time.sleep(pace * dice.uniform(0.5, 1.5))


def steady(browser: Browser, until: float, pace: float) -> None:
    """Starts, writes, completes."""
    browser.start("a")
    _write(browser, until, pace, ["a"])
    _hand_in(browser)


def two_tabs(browser: Browser, until: float, pace: float) -> None:
    """Writes the same questions in two tabs; what one replaces must be kept."""
    browser.start("a")
    browser.start("b")
    _write(browser, until, pace, ["a", "b"])
    _hand_in(browser)


def late_beacon(browser: Browser, until: float, pace: float) -> None:
    """Completes, and the beacon of the closing tab comes after it: it must change nothing."""
    steady(browser, until, pace)
    browser.surely("POST", browser.path("abandon"), browser.sender("a"))
    browser.ledger.beacons_after_the_end += 1


def reloads(browser: Browser, until: float, pace: float) -> None:
    """Leaves and comes back again and again, and stays in the end."""
    browser.start("a")
    while time.monotonic() < until:
        _write(browser, min(until, time.monotonic() + 4 * pace), pace, ["a"])
        browser.surely("POST", browser.path("abandon"), browser.sender("a"))
        if browser.dice.random() < 0.5:
            browser.start("a")
        else:
            browser.surely("PUT", browser.path("heartbeat"), browser.sender("a"))
    browser.ledger.expected = {"active"}


def walks_away(browser: Browser, until: float, pace: float) -> None:
    """Closes the tab in the middle and does not return."""
    browser.start("a")
    _write(browser, time.monotonic() + (until - time.monotonic()) / 2, pace, ["a"])
    browser.surely("POST", browser.path("abandon"), browser.sender("a"))
    browser.ledger.expected = {"abandoned"}


def impatient(browser: Browser, until: float, pace: float) -> None:
    """Sends everything several times: start, and complete."""
    for _ in range(3):
        browser.start("a")
    _write(browser, until, pace, ["a"])
    for _ in range(3):
        _hand_in(browser)


def _hand_in(browser: Browser) -> None:
    browser.before_the_end()
    for _ in range(60):  # a save may lose its connection; a page tries again before it hands in
        missing = set(browser.ledger.programs) - set(browser.ledger.acknowledged)
        if not missing:
            break
        browser.save("a", sorted(missing))
    for tab in list(browser.tabs):
        browser.catch_up(tab)
    browser.surely("PUT", browser.path("complete"), {"completion_method": "manual"})
    browser.ledger.expected = {"completed"}


SCRIPTS: list[tuple[Script, int]] = [
    (steady, 40),
    (two_tabs, 15),
    (late_beacon, 15),
    (reloads, 15),
    (walks_away, 8),
    (impatient, 7),
]


# One page that stays open: what a closed page had saved is lost in a restore, and so is what two
# pages replaced of each other, revisions included.
STAYING = [
    (script, weight) for script, weight in SCRIPTS if script in (steady, late_beacon, impatient)
]


def script_for(dice: random.Random, *, stays: bool = False) -> Script:
    """One of the scripts; its name says how the candidate behaves."""
    scripts, weights = zip(*(STAYING if stays else SCRIPTS), strict=True)
    return dice.choices(scripts, weights)[0]
