/** Which language the student reads, and how it comes onto the page. The choice is kept on the device. */
import { keep, kept, type Language, speak } from "@medai/ui";
import { translateBy } from "./api_message.ts";

const KEY = "medai-language";

/** By their own names. */
export const LANGUAGES = { en: "English", de: "Deutsch", ar: "العربية" } as const;
/** Made of the English texts: see `languages/pseudo.ts`. */
export const PSEUDO = "en-x-pseudo";

export type LanguageName = keyof typeof LANGUAGES | typeof PSEUDO;

const LOAD: Record<LanguageName, () => Promise<Pick<Language, "messages">>> = {
  en: async () => ({ messages: {} }),
  de: () => import("../languages/de.po"),
  ar: () => import("../languages/ar.po"),
  [PSEUDO]: () => import("../languages/pseudo.ts"),
};

const isLanguage = (name: string | null): name is LanguageName =>
  name !== null && (Object.hasOwn(LANGUAGES, name) || name === PSEUDO);

const languageOf = (tag: string) => tag.toLowerCase().split("-")[0] ?? "";

/** What the address asks for with `?lang=`. */
export function askedFor(search: string): LanguageName | undefined {
  const asked = new URLSearchParams(search).get("lang");
  if (asked === "pseudo") return PSEUDO;
  return isLanguage(asked) ? asked : undefined;
}

/** What was chosen on this device, or else what the browser prefers. */
export function preferred(stored: string | null, browser: readonly string[]): LanguageName {
  if (isLanguage(stored)) return stored;
  return (
    browser.map(languageOf).find((each): each is keyof typeof LANGUAGES => Object.hasOwn(LANGUAGES, each)) ??
    "en"
  );
}

/**
 * How dates and numbers are written: as in the region that the browser names for the language. Arabic has the digits that
 * doses, pages and formulas have, whatever the region.
 */
export function localeOf(name: LanguageName, browser: readonly string[]): string {
  const language = languageOf(name);
  const region = browser.find((each) => languageOf(each) === language) ?? language;
  return language === "ar" ? `${region.split("-u-")[0]}-u-nu-latn` : region;
}

async function read(name: LanguageName): Promise<void> {
  const [{ messages }, server] = await Promise.all([
    LOAD[name](),
    name === "en" ? undefined : import("../languages/server.ts"),
  ]);
  translateBy(server?.inOtherWords);
  speak({ name, locale: localeOf(name, navigator.languages), messages });
}

export async function choose(name: LanguageName): Promise<void> {
  await read(name);
  keep(KEY, name);
}

/** Before anything is drawn. Where a catalogue can't be had, English is better than nothing. */
export async function start(): Promise<void> {
  const asked = askedFor(location.search);
  if (asked) keep(KEY, asked);
  await read(asked ?? preferred(kept(KEY), navigator.languages)).catch(() => read("en"));
}
