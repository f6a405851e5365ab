/** Recipients as they are typed: one a line, or with commas between. */
export function listed(text: string): string[] {
  const parts = text.split(/[\n,;]+/).map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== ""))];
}

/** Roughly an address; the API looks closer. */
export const isEmail = (text: string): boolean =>
  /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) && text.length <= 254;

/** A phone in the international form. Spaces and dashes are for readers. */
export const isPhone = (text: string): boolean => /^\+[1-9]\d{6,14}$/.test(text);

export const plainPhone = (text: string): string => text.replace(/[\s()/.-]/g, "");

/** What is wrong with a list, as the rest of a sentence about it. */
export function wrongIn(list: string[], fits: (text: string) => boolean, max: number): string | undefined {
  const wrong = list.filter((text) => !fits(text));
  if (wrong.length > 0) return `has what can’t be: ${wrong.slice(0, 3).join(", ")}`;
  return list.length > max ? `has more than ${max}` : undefined;
}
