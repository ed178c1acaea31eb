// Behaviour for markup: runs for what stands in the page and for every fragment that htmx brings.

const work = [];

/** Run `setUp(element)` once for each element that matches, now and later. */
export function mount(selector, setUp) {
  const seen = new WeakSet();
  const run = (root) => {
    const found = [...root.querySelectorAll(selector)];
    if (root.matches?.(selector)) found.unshift(root);
    for (const element of found) {
      if (seen.has(element)) continue;
      seen.add(element);
      setUp(element);
    }
  };
  work.push(run);
  run(document);
}

document.addEventListener("htmx:load", (event) => work.forEach((run) => run(event.detail.elt)));
