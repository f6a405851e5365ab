import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Panel, Select, say } from "@medai/ui";
import { told } from "../app/api_message.ts";
import { focusAfter, LANGUAGE } from "../app/focus.ts";
import { choose, LANGUAGES, type LanguageName, PSEUDO } from "../app/language.ts";

const isOffered = (): boolean => import.meta.env.DEV || i18n.locale === PSEUDO;

/** Which language the app speaks. Answers have the language of their question. */
export function LanguagePanel() {
  const change = async (name: LanguageName) => {
    try {
      await choose(name);
      focusAfter("languageChosen");
    } catch (error) {
      say(told(error));
    }
  };
  return (
    <Panel title={t`Language`}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="text-muted">
          <Trans>On this device. Answers have the language of your question.</Trans>
        </p>
        <Select
          bare
          label={t`Language`}
          data-focus={LANGUAGE}
          value={i18n.locale}
          onChange={(event) => void change(event.target.value as LanguageName)}
        >
          {Object.entries(LANGUAGES).map(([name, own]) => (
            <option key={name} value={name} lang={name}>
              {own}
            </option>
          ))}
          {isOffered() && <option value={PSEUDO}>Pseudo</option>}
        </Select>
      </div>
    </Panel>
  );
}
