/** Makes an entry's details readable: what changed from what to what, and what else is known. */

export interface Change {
  /** Where, such as `limits › free`. */
  name: string;
  /** Undefined where there was nothing. */
  before: string | undefined;
  after: string | undefined;
}

export interface Readable {
  changes: Change[];
  /** What `before` and `after` have in common. */
  same: [name: string, value: string][];
  rest: [name: string, value: string][];
}

export function readable(details: unknown): Readable {
  if (!isObject(details)) return { changes: [], same: [], rest: flat(details) };
  const { before, after, ...others } = details;
  const told = { changes: [] as Change[], same: [] as [string, string][] };
  if ("before" in details || "after" in details) {
    const [was, is] = [new Map(flat(before)), new Map(flat(after))];
    for (const name of new Set([...was.keys(), ...is.keys()])) {
      const [old, now] = [was.get(name), is.get(name)];
      if (old === now && old !== undefined) told.same.push([name, old]);
      else told.changes.push({ name, before: old, after: now });
    }
  }
  return { ...told, rest: flat(others) };
}

/** Every leaf with its place. Nothing at all is no leaf: it is shown as an absence. */
function flat(value: unknown, name = ""): [string, string][] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) {
    if (value.every((item) => !isObject(item) && !Array.isArray(item)))
      return value.length > 0 ? [[name, value.map(text).join(", ")]] : [];
    return value.flatMap((item, index) => flat(item, join(name, keyOf(item) ?? String(index + 1))));
  }
  if (isObject(value)) return Object.entries(value).flatMap(([key, inner]) => flat(inner, join(name, key)));
  return [[name, text(value)]];
}

/** What tells an item of a list from the others, wherever it stands. */
function keyOf(item: unknown): string | undefined {
  if (!isObject(item)) return undefined;
  for (const key of ["scope", "url", "id", "name"]) if (typeof item[key] === "string") return item[key];
  return undefined;
}

const join = (name: string, key: string) =>
  name ? `${name} › ${key.replaceAll("_", " ")}` : key.replaceAll("_", " ");

function text(value: unknown): string {
  if (value === true) return "yes";
  if (value === false) return "no";
  return value === "" ? "(empty)" : String(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
