import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { cx } from "@medai/ui";
import { useOff } from "../app/status.tsx";
import type { Command } from "./commands.ts";

interface Props {
  commands: readonly Command[];
  picked: number;
  onPick: (at: number) => void;
  onHover: (at: number) => void;
}

/** The commands, above the line in which a slash was typed. The focus stays in that line. */
export function Palette({ commands, picked, onPick, onHover }: Props) {
  const off = useOff();
  return (
    <div
      id="commands"
      role="listbox"
      aria-label={t`Commands`}
      className="absolute inset-x-0 bottom-full z-10 mb-2 animate-rise rounded-lg border border-line bg-surface p-1.5 shadow-pop"
    >
      {commands.map(({ name, feature, what, example, Icon }, at) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the text
        // biome-ignore lint/a11y/useKeyWithClickEvents: keys are taken by the text
        <div
          key={name}
          id={`command-${name}`}
          role="option"
          aria-selected={at === picked}
          className={cx(
            "flex min-h-11 cursor-pointer items-center gap-2.5 rounded-md px-2 sm:gap-3 sm:px-2.5",
            at === picked && "bg-sunken",
          )}
          onMouseEnter={() => onHover(at)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(at)}
        >
          <Icon
            size={17}
            className={cx("shrink-0", off(feature) ? "text-faint" : "text-accent")}
            aria-hidden
          />
          <span className="w-[5.25rem] shrink-0 font-semibold sm:w-24">
            <bdi>/{name}</bdi>
          </span>
          <span className="min-w-0 flex-1 truncate text-muted text-sm">
            {off(feature) ? (
              <span className="text-warn">
                <Trans>Not available right now</Trans>
              </span>
            ) : (
              <>
                {i18n._(what)}
                <span className="hidden text-faint sm:inline">
                  <Trans>, such as “{i18n._(example)}”</Trans>
                </span>
              </>
            )}
          </span>
        </div>
      ))}
    </div>
  );
}
