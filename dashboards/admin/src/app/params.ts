/** What pages keep in their address. Whoever types there what cannot be gets the page without it. */

/** A text; the router reads what looks like a number or a truth as one. */
export function words(value: unknown): string | undefined {
  if (!["string", "number", "boolean"].includes(typeof value)) return undefined;
  return String(value).trim().slice(0, 200) || undefined;
}

/** One of some words. */
export function oneOf<const T extends string>(list: readonly T[], value: unknown): T | undefined {
  return list.find((each) => each === value);
}

/** A day, as `2026-11-24`. */
export function dayOf(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
  return Number.isNaN(new Date(`${value}T00:00:00Z`).getTime()) ? undefined : value;
}

/** Without what is undefined: for the API, what is left out and what is undefined are two things. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
