// Where a new box stands, and the arrow between two boxes: plain geometry, in the board's own pixels.

/** @import {Box} from "./types.js" */

export const BOX = { width: 220, height: 100 };
const GAP = 80; // room for an arrow between neighbors
const MARGIN = 40;
const FROM_EDGE = 6;

/** @param {Box} box */
const middle = ({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 });

/** @param {Box} a @param {Box} b */
function overlaps(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** @param {Box} frame @param {{width: number, height: number}} size */
function placesIn(frame, { width, height }) {
  const places = [];
  for (let y = frame.y + MARGIN; y + height + MARGIN <= frame.y + frame.height; y += height + GAP) {
    for (let x = frame.x + MARGIN; x + width + MARGIN <= frame.x + frame.width; x += width + GAP) places.push({ x, y, width, height });
  }
  return places;
}

/**
 * A free place in the frame: beside `near` if that is given, else row by row.
 * When the frame is full, it is the place under everything that is there.
 * @param {Box} frame @param {Box[]} taken @param {Box | null} [near] @returns {Box}
 */
export function freePlace(frame, taken, near = null, size = BOX) {
  const free = placesIn(frame, size).filter((place) => !taken.some((one) => overlaps(place, one)));
  if (!free.length) return { x: frame.x + MARGIN, y: Math.max(...taken.map((one) => one.y + one.height)) + GAP, ...size };
  if (!near) return free[0];
  const start = middle(near);
  // A drawing is read to the right first, then down, and seldom back.
  /** @param {Box} place */
  const distance = (place) => {
    const [right, down] = [middle(place).x - start.x, middle(place).y - start.y];
    return Math.hypot(right < 0 ? 2 * right : right, 2 * down);
  };
  return free.reduce((best, place) => (distance(place) < distance(best) ? place : best));
}

/**
 * Where the line from the middle of `box` toward a point leaves it, a little outside of its edge.
 * @param {Box} box @param {{x: number, y: number}} point
 */
function edgeTowards(box, point) {
  const from = middle(box);
  const [dx, dy] = [point.x - from.x, point.y - from.y];
  const share = Math.min(
    dx ? (box.width / 2 + FROM_EDGE) / Math.abs(dx) : Infinity,
    dy ? (box.height / 2 + FROM_EDGE) / Math.abs(dy) : Infinity,
  );
  return { x: from.x + dx * share, y: from.y + dy * share };
}

/** The straight line from edge to edge: where it starts, and its end seen from there. @param {Box} from @param {Box} to */
export function lineBetween(from, to) {
  const start = edgeTowards(from, middle(to));
  const end = edgeTowards(to, middle(from));
  return { x: start.x, y: start.y, points: [[0, 0], [end.x - start.x, end.y - start.y]], gap: FROM_EDGE };
}
