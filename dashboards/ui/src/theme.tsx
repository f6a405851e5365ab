import { Monitor, Moon, Sun } from "lucide-react";
import { ToggleGroup } from "radix-ui";
import { useState } from "react";
import { Tip } from "./tip.tsx";

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
        localStorage.removeItem(KEY);
      } else {
        document.documentElement.dataset.theme = next;
        localStorage.setItem(KEY, next);
      }
    },
  ];
}

const CHOICES = [
  { value: "system", label: "As the system", Icon: Monitor },
  { value: "light", label: "Light", Icon: Sun },
  { value: "dark", label: "Dark", Icon: Moon },
] as const;

export function ThemeChoice() {
  const [theme, setTheme] = useTheme();
  return (
    <ToggleGroup.Root
      type="single"
      value={theme}
      aria-label="Theme"
      onValueChange={(next) => next && setTheme(next as Theme)}
      className="inline-flex rounded-md border border-line bg-sunken p-0.5"
    >
      {CHOICES.map(({ value, label, Icon }) => (
        <Tip key={value} text={label}>
          <ToggleGroup.Item
            value={value}
            aria-label={label}
            className="grid size-8 place-items-center pointer-coarse:h-10 pointer-coarse:w-9 rounded-sm text-faint hover:text-ink aria-checked:bg-surface aria-checked:text-ink aria-checked:shadow-card"
          >
            <Icon size={16} aria-hidden />
          </ToggleGroup.Item>
        </Tip>
      ))}
    </ToggleGroup.Root>
  );
}
