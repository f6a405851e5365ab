/**
 * A language that is made of the English texts: accented, longer by their doubled vowels, in brackets. What is on a page
 * without brackets is no message; what is cut off has no room for longer languages.
 */
import { i18n, type MessageDescriptor, type MessageOptions } from "@lingui/core";
import { PSEUDO } from "../app/language.ts";

type Part = string | [name: string, type?: string, format?: unknown];
type Written = string | readonly Part[] | undefined;

const ACCENTS: Record<string, string> = {
  ...{ a: "áá", e: "éé", i: "íí", o: "óó", u: "úú", c: "ç", n: "ñ", s: "š", y: "ý", z: "ž" },
  ...{ A: "Á", E: "É", I: "Í", O: "Ó", U: "Ú", C: "Ç", N: "Ñ", S: "Š", Y: "Ý", Z: "Ž" },
};

/** The name of the product stays as it is. */
const accented = (text: string) => text.replace(/medai|[a-z]/gi, (letter) => ACCENTS[letter] ?? letter);

/** Tags part what is shown into several texts, of which each has its own brackets. */
const inText = (text: string) =>
  text
    .split(/(<\/?\d+\/?>)/)
    .map((piece, at) => (at % 2 === 1 ? `]${piece}[` : accented(piece)))
    .join("");

function inPart(part: Part): Part {
  // `#` stands for the number of a plural.
  if (part === "#") return part;
  if (typeof part === "string") return inText(part);
  const [name, type, cases] = part;
  if (type !== "plural" && type !== "selectordinal" && type !== "select") return part;
  const changed = Object.entries(cases as Record<string, unknown>).map(([key, value]) => [
    key,
    Array.isArray(value) ? value.map(inPart) : value,
  ]);
  return [name, type, Object.fromEntries(changed)];
}

export const pseudo = (message: Written): Part[] => {
  const parts = typeof message === "string" ? [message] : (message ?? []);
  return ["[", ...parts.map(inPart), "]"];
};

const original = i18n._.bind(i18n);

/** As Lingui's own, for the English text of each message. */
i18n._ = (id: string | MessageDescriptor, values?: Record<string, unknown>, options?: MessageOptions) => {
  const given: MessageDescriptor =
    typeof id === "string"
      ? { id, ...(values && { values }), ...(options?.message && { message: options.message }) }
      : id;
  if (i18n.locale !== PSEUDO || !given.message) return original(given);
  const message = pseudo(given.message) as unknown as string;
  return original({ ...given, message }).replace(/\[(\s*)\]/g, "$1");
};

/** No catalogue is needed. */
export const messages = {};
