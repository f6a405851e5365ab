import { i18n } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Monitor, Moon, Sun } from "lucide-react";
import { useId, useState } from "react";
import { keep } from "./device_storage.ts";

export type Theme = "system" | "light" | "dark";

const KEY = "medai-theme";

function chosen(): Theme {
  const theme = document.documentElement.dataset.theme;
  return theme === "light" || theme === "dark" ? theme : "system";
}

/** The theme of this device, and how to change it. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(chosen);
  return [
    theme,
    (next) => {
      setTheme(next);
      if (next === "system") {
        delete document.documentElement.dataset.theme;
        keep(KEY, null);
      } else {
        document.documentElement.dataset.theme = next;
        keep(KEY, next);
      }
    },
  ];
}

const CHOICES = [
  { value: "system", label: msg`As the system`, Icon: Monitor },
  { value: "light", label: msg`Light`, Icon: Sun },
  { value: "dark", label: msg`Dark`, Icon: Moon },
] as const;

/** The browser's own choice of one among several: with it come its keys. */
export function ThemeChoice() {
  const [theme, setTheme] = useTheme();
  const name = useId();
  return (
    <fieldset className="inline-flex rounded-md border border-line bg-sunken p-0.5">
      <legend className="sr-only">
        <Trans>Theme</Trans>
      </legend>
      {CHOICES.map(({ value, label, Icon }) => (
        <label
          key={value}
          title={i18n._(label)}
          className="relative grid size-8 cursor-pointer place-items-center pointer-coarse:h-10 pointer-coarse:w-9 rounded-sm text-faint outline-accent outline-offset-1 hover:text-ink has-checked:bg-surface has-checked:text-ink has-checked:shadow-card has-focus-visible:outline-2"
        >
          <input
            type="radio"
            name={name}
            value={value}
            checked={theme === value}
            aria-label={i18n._(label)}
            className="absolute inset-0 cursor-pointer opacity-0"
            onChange={() => setTheme(value)}
          />
          <Icon size={16} aria-hidden />
        </label>
      ))}
    </fieldset>
  );
}
