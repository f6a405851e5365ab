/** Where a row is. */
export interface Span {
  top: number;
  height: number;
}

/** A list with one of it at another place. */
export function moved<T>(items: readonly T[], item: T, to: number): T[] {
  const others = items.filter((each) => each !== item);
  others.splice(to, 0, item);
  return others;
}

/** The place of the row `from` when it is dragged by `offset`: past each row whose middle it has crossed. */
export function placeAt(spans: readonly Span[], from: number, offset: number): number {
  const own = spans[from];
  if (!own) return from;
  const top = own.top + offset;
  const bottom = top + own.height;
  let to = from;
  for (const [index, { top: other, height }] of spans.entries()) {
    const middle = other + height / 2;
    if (index < from && top < middle) to -= 1;
    if (index > from && bottom > middle) to += 1;
  }
  return to;
}
