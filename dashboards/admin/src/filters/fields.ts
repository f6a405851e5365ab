/** The fields of a filter, as the address of its page has them, and as they are kept. */
export type Fields = Record<string, string>;

/** The fields of a filter that say something, as they are kept. */
export function fieldsOf(filter: object): Fields {
  const said = Object.entries(filter).filter(
    ([, value]) => value !== undefined && value !== null && value !== "" && value !== false,
  );
  return Object.fromEntries(said.map(([field, value]) => [field, String(value)]));
}

/** Whether two filters say the same. */
export function same(one: Fields, other: Fields): boolean {
  const fields = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...fields].every((field) => one[field] === other[field]);
}

/** What a filter narrows by, in a line. */
export function summary(fields: Fields): string {
  const parts = Object.entries(fields).map(([field, value]) => `${field}: ${value}`);
  return parts.length === 0 ? "everything" : parts.join(", ");
}
