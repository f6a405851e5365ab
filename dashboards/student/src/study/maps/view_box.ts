/** What of a drawing is seen, and how large: moved, enlarged and shrunk, always with some of it in sight. Pure. */

export interface View {
  /** How large a unit of the drawing is, in pixels. */
  scale: number;
  /** Where the drawing’s corner is, in pixels of the window. */
  x: number;
  y: number;
}

export interface Size {
  width: number;
  height: number;
}

const LEAST = 0.15;
const MOST = 3;
/** Smaller than this, nothing can be read. */
const READABLE = 0.7;
/** So much of it always stays in sight. */
const KEPT = 60;

const within = (value: number, least: number, most: number): number =>
  Math.min(Math.max(value, Math.min(least, most)), Math.max(least, most));

/** Keeps some of the drawing in the window. */
function held(view: View, drawing: Size, window: Size): View {
  const { scale } = view;
  return {
    scale,
    x: within(view.x, KEPT - drawing.width * scale, window.width - KEPT),
    y: within(view.y, KEPT - drawing.height * scale, window.height - KEPT),
  };
}

/** All of it, or, `readable`, at least as large as can be read, from its beginning. */
export function fitted(drawing: Size, window: Size, readable = false): View {
  if (drawing.width <= 0 || drawing.height <= 0 || window.width <= 0) return { scale: 1, x: 0, y: 0 };
  const whole = Math.min(window.width / drawing.width, window.height / drawing.height, 1.25);
  const scale = within(readable ? Math.max(whole, READABLE) : whole, LEAST, MOST);
  const middle = (window: number, drawing: number) => (window - drawing * scale) / 2;
  const x = middle(window.width, drawing.width);
  return { scale, x: Math.max(x, 0), y: Math.max(middle(window.height, drawing.height), 0) };
}

/** Enlarges around a point of the window, which stays where it is. */
export function zoomed(
  view: View,
  by: number,
  around: { x: number; y: number },
  drawing: Size,
  window: Size,
): View {
  const scale = within(view.scale * by, LEAST, MOST);
  const share = scale / view.scale;
  const x = around.x - (around.x - view.x) * share;
  const y = around.y - (around.y - view.y) * share;
  return held({ scale, x, y }, drawing, window);
}

export const moved = (view: View, dx: number, dy: number, drawing: Size, window: Size): View =>
  held({ ...view, x: view.x + dx, y: view.y + dy }, drawing, window);

/** Moves as little as it takes to have a box in sight. */
export function brought(
  view: View,
  box: { x: number; y: number; width: number; height: number },
  window: Size,
  margin = 16,
): View {
  const shift = (middle: number, size: number, corner: number, room: number) => {
    const start = corner + (middle - size / 2) * view.scale - margin;
    const end = corner + (middle + size / 2) * view.scale + margin;
    if (start < 0) return -start;
    return end > room ? Math.max(room - end, -start) : 0;
  };
  return {
    ...view,
    x: view.x + shift(box.x, box.width, view.x, window.width),
    y: view.y + shift(box.y, box.height, view.y, window.height),
  };
}
