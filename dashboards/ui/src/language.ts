/**
 * The language of the interface. English is in the code, as each message's own text, and needs no catalogue; it is what an
 * app has that chooses nothing. Another language is a catalogue that is given to `speak`.
 */
import { i18n, type Messages } from "@lingui/core";

// They come compiled, from the build.
i18n.setMessagesCompiler((message) => [message]);
i18n.loadAndActivate({ locale: "en", messages: {} });

export interface Language {
  /** `de`, as in `<html lang>`. */
  name: string;
  /** By which dates and numbers are written, such as `de-AT`. */
  locale: string;
  messages: Messages;
}

/** From now on, everything is said in this language. */
export function speak({ name, locale, messages }: Language): void {
  document.documentElement.lang = name;
  document.documentElement.dir = directionOf(name);
  i18n.loadAndActivate({ locale: name, locales: locale, messages });
}

export const directionOf = (name: string): "ltr" | "rtl" => (name === "ar" ? "rtl" : "ltr");

/** By which dates and times are written; without a choice, as the browser does. */
export const datesLocale = (): string | undefined => i18n.locales?.toString();

/** By which numbers are written; without a choice, as the English texts around them do. */
export const numbersLocale = (): string => datesLocale() ?? "en";
