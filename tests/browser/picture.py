"""The picture of the workspace in the README and on the landing page, taken from the real product.

    make run                                                  # in another terminal
    python -m tests.browser.picture http://127.0.0.1:8002     # writes frontend/static/img/

On a fresh installation the demo learner starts a set, draws with "Add a box", hands in two tries and reads the feedback.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import chromium

IMAGES = Path(__file__).resolve().parents[2] / "frontend" / "static" / "img"
SET, ORDER = "design-url-shortener", 3
BOXES = (  # label, the box an arrow comes from, color
    ("Client", "", "#e9ecef"),
    ("Load balancer", "Client", "#ffec99"),
    ("Redirect service", "Load balancer", "#a5d8ff"),
    ("Redis: hot links", "Redirect service", "#ffc9c9"),
    ("Key-value store", "Redis: hot links", "#b2f2bb"),
    ("Create service", "Load balancer", "#a5d8ff"),
    ("ID allocator", "Create service", "#d0bfff"),
)
FIRST_TRY = """\
Requests come through a load balancer to the servers, which look in Redis first and fall through to
the store on a cache miss. To create a code I would hash the target with MD5 and keep the first seven
characters. Truncating the hash collides sometimes, so each insert needs a check and a retry."""
SECOND_TRY = """\
Components: client, load balancer, stateless application servers, a Redis cache, a replicated
key-value store and a small allocator for numbers. Redirect path: look in the cache first, on a cache
miss fall through to the replicated store and fill the cache on the way back. Creation path: the
server validates the target, takes a code and writes one row.

I see three approaches for the code. The first option is hashing the target and truncating the digest;
by the birthday effect that collides after a few million links, so each insert needs a check and a
retry. Alternatively draw randomly with a conditional insert on the unique key. With two regions that
is a consistent write across the ocean for every link.

I would choose leased ranges: each server leases a block of 100,000 sequence numbers from the central
allocator and spends them locally from memory. When a server dies it wastes the rest of its block.
That is harmless, the space of 3.5 trillion is almost empty. The downside: sequential values can be
guessed, so I scramble them with a keyed permutation before base62 encoding."""


def main(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=chromium.ARGUMENTS
        )
        page = _page(browser, base)
        _sign_in(page)
        address = _start(page)
        _draw(page)
        for number, text in enumerate((FIRST_TRY, SECOND_TRY), start=1):
            _hand_in(page, text.replace("\n", " ").replace("  ", "\n\n"), number)
        _color(page, address)
        for scheme in ("light", "dark"):
            _take(page, scheme)
        browser.close()


def _page(browser: Browser, base: str) -> Page:
    context = browser.new_context(
        base_url=base, viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    return context.new_page()


def _sign_in(page: Page) -> None:
    page.goto("/accounts/login/")
    page.get_by_label("Username or email").fill("learner")
    page.get_by_label("Password", exact=True).fill("etude-demo")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/dashboard")


def _start(page: Page) -> str:
    page.goto(f"/practice/{SET}")
    page.locator("main .button-primary").first.click()
    page.wait_for_url("**/questions/*")
    address = f"{page.url.rsplit('/', 1)[0]}/{ORDER}"
    page.goto(address)
    return address


def _draw(page: Page) -> None:
    page.locator("[data-board-add] > summary").click()
    for label, source, _ in BOXES:
        page.get_by_label("Label").fill(label)
        if source:
            page.get_by_label("Arrow from").select_option(label=source)
        page.get_by_role("button", name="Add box").click()
        expect(page.get_by_text(f"Added “{label}”")).to_be_visible()
    page.keyboard.press("Escape")


def _hand_in(page: Page, text: str, number: int) -> None:
    page.get_by_label("Your answer").fill(text)
    page.get_by_role("button", name="Get feedback").click()
    latest = page.locator(f"article[data-try='{number}'] .score-band")
    expect(latest).to_be_visible(timeout=60_000)
    expect(page.locator("[data-board-state]")).to_have_text("Saved", timeout=20_000)


def _color(page: Page, address: str) -> None:
    """Colors are a matter of taste, so they are not part of "Add a box": set in the saved scene."""
    board = f"/api/v1/practice-main/{address.split('/')[-3]}/whiteboard"
    saved: dict[str, Any] = page.request.get(board).json()
    elements = saved["scene"]["elements"]
    colors = {label: color for label, _, color in BOXES}
    labels = {e["containerId"]: e["text"] for e in elements if e.get("containerId")}
    for element in elements:
        if element["type"] == "rectangle":
            element["backgroundColor"] = colors[labels[element["id"]].replace("\n", " ")]
            element["fillStyle"] = "solid"
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    body = {"scene": saved["scene"], "base_version": saved["version"]}
    headers = {"X-CSRFToken": token, "Referer": page.url}
    assert page.request.put(board, data=body, headers=headers).ok


def _take(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    page.reload()
    expect(page.locator("[data-whiteboard][data-ready]")).to_be_visible(timeout=20_000)
    page.locator("#answer-count").scroll_into_view_if_needed()
    page.locator("#pane-question").evaluate(
        "pane => pane.scrollTo(0, pane.scrollTop + document.getElementById('answer-count')"
        ".getBoundingClientRect().top - 110)"
    )
    page.locator("h1").evaluate("() => document.activeElement?.blur()")
    page.mouse.move(720, 60)
    page.wait_for_timeout(1500)  # the board settles into its frame
    page.screenshot(path=IMAGES / f"workspace-{scheme}.png")


if __name__ == "__main__":
    main(sys.argv[1])
