import { i18n } from "@lingui/core";
import { I18nProvider } from "@lingui/react";
import { Direction } from "radix-ui";
import { type ReactNode, useSyncExternalStore } from "react";
import { directionOf } from "./language.ts";

const onChange = (listener: () => void) => i18n.on("change", listener);

/** Around an app. Another language draws everything anew, so that nothing stays in the old one. */
export function InLanguage({ children }: { children: ReactNode }) {
  const language = useSyncExternalStore(onChange, () => i18n.locale);
  return (
    <I18nProvider i18n={i18n} key={language}>
      <Direction.Provider dir={directionOf(language)}>{children}</Direction.Provider>
    </I18nProvider>
  );
}
