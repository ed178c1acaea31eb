// Two panes, side by side or one above the other: a divider that is dragged or moved by keys and remembered; tabs on a
// narrow screen.
import { mount } from "./mount.js";
import { findAll } from "./find.js";

const LEAST = 25;
const MOST = 75;

/** @param {string} name @param {number} share */
function remember(name, share) {
  try {
    localStorage.setItem(`etude-panes:${name}`, String(share));
  } catch {
    // A full or closed store only means that the width is forgotten.
  }
}

/** @param {string} name */
function recall(name) {
  try {
    return Number(localStorage.getItem(`etude-panes:${name}`)) || null;
  } catch {
    return null;
  }
}

/**
 * `--pane-start` is the share of the first pane. Until it is moved for the first time, the style sheet has its own.
 * @param {HTMLElement} panes @param {HTMLElement} divider
 */
function setUpDivider(panes, divider) {
  const name = panes.dataset.panes || "panes";
  const isLevel = divider.getAttribute("aria-orientation") === "horizontal"; // a line between above and below
  const usual = Number(divider.getAttribute("aria-valuenow")) || 46;
  /** @type {Record<string, number>} */
  const steps = isLevel ? { ArrowUp: -2, ArrowDown: 2, Home: -100, End: 100 } : { ArrowLeft: -2, ArrowRight: 2, Home: -100, End: 100 };
  /** @param {number} share */
  const set = (share) => {
    const kept = Math.min(MOST, Math.max(LEAST, share));
    panes.style.setProperty("--pane-start", `${kept}%`);
    panes.dataset.moved = "";
    divider.setAttribute("aria-valuenow", String(Math.round(kept)));
    return kept;
  };
  const moved = recall(name);
  if (moved) set(moved);
  /** @param {PointerEvent} event */
  const shareAt = ({ clientX, clientY }) => {
    const box = panes.getBoundingClientRect();
    return isLevel ? ((clientY - box.top) / box.height) * 100 : ((clientX - box.left) / box.width) * 100;
  };
  divider.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    divider.dataset.dragging = "";
  });
  divider.addEventListener("pointermove", (event) => "dragging" in divider.dataset && set(shareAt(event)));
  /** @param {PointerEvent} event */
  const drop = (event) => {
    if (!("dragging" in divider.dataset)) return;
    delete divider.dataset.dragging;
    remember(name, set(shareAt(event)));
  };
  divider.addEventListener("pointerup", drop);
  divider.addEventListener("pointercancel", drop);
  divider.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || event.altKey) return;
    event.preventDefault();
    remember(name, set(Number(divider.getAttribute("aria-valuenow")) + step));
  });
  divider.addEventListener("dblclick", () => remember(name, set(usual)));
}

/**
 * Where one pane hides the other, the heading of the one in view is the page's first.
 * @param {HTMLElement} panes @param {HTMLElement} tab
 */
function raiseHeading(panes, tab) {
  for (const heading of findAll("[data-pane-heading]", HTMLElement, panes)) {
    const alone = heading.dataset.paneHeading === tab.dataset.paneTab && tab.offsetParent;
    heading.setAttribute("aria-level", alone ? "1" : "2");
  }
}

/** @param {HTMLElement} panes */
function setUpTabs(panes) {
  const tabs = findAll("[data-pane-tab]", HTMLElement, panes);
  /** @param {HTMLElement} tab */
  const show = (tab) => {
    panes.dataset.show = tab.dataset.paneTab;
    for (const other of tabs) {
      other.setAttribute("aria-selected", String(other === tab));
      other.tabIndex = other === tab ? 0 : -1;
    }
    raiseHeading(panes, tab);
    panes.dispatchEvent(new CustomEvent("panes:show", { detail: tab.dataset.paneTab, bubbles: true }));
  };
  for (const tab of tabs) {
    tab.addEventListener("click", () => show(tab));
    tab.addEventListener("keydown", (event) => {
      if (!["ArrowLeft", "ArrowRight"].includes(event.key) || event.altKey) return;
      const next = tabs[(tabs.indexOf(tab) + (event.key === "ArrowRight" ? 1 : tabs.length - 1)) % tabs.length];
      show(next);
      next.focus();
    });
  }
}

export function setUpPanes() {
  mount("[data-panes]", (panes) => {
    const divider = panes.querySelector("[data-divider]");
    if (divider instanceof HTMLElement) setUpDivider(panes, divider);
    setUpTabs(panes);
  });
}
