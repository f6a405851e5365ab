/** The path of a line through values at even distances; gaps where there is none. */
export function sparkPath(
  values: readonly (number | null)[],
  width: number,
  height: number,
  max?: number,
): string {
  const top = max ?? Math.max(0, ...values.map((value) => value ?? 0));
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  let path = "";
  let drawing = false;
  values.forEach((value, index) => {
    if (value === null) {
      drawing = false;
      return;
    }
    const x = round(values.length > 1 ? index * step : width);
    const y = round(height - 1 - (top > 0 ? Math.min(1, value / top) : 0) * (height - 2));
    // One value alone is a dot.
    path += drawing ? `L${x} ${y}` : `M${x} ${y}h0`;
    drawing = true;
  });
  return path;
}

const round = (value: number) => Math.round(value * 10) / 10;
