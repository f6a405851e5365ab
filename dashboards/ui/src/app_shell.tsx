import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Menu as MenuIcon } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { IconButton } from "./button.tsx";
import { Sheet } from "./dialog.tsx";
import { useMediaQuery } from "./use_media_query.ts";

/** From here on, the navigation is beside the page. */
const WIDE = "(min-width: 60rem)";

interface Props {
  /** Where one is: whoever goes elsewhere is done with the menu. */
  path: string;
  /** Before all else, such as what is wrong now. */
  above: ReactNode;
  /** The navigation beside the page. */
  beside: ReactNode;
  /** The navigation that slides over the page where there is no room beside it. */
  menu: (close: () => void) => ReactNode;
  /** What is beside the button for the menu. */
  bar: ReactNode;
  /** The page: the element with the id `main`. */
  children: ReactNode;
}

/** What is around every page of those who are signed in. */
export function AppShell({ path, above, beside, menu, bar, children }: Props) {
  const wide = useMediaQuery(WIDE);
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever goes elsewhere is done with the menu
  useEffect(() => setOpen(false), [path]);
  return (
    <div className="flex h-dvh flex-col print:block print:h-auto">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:rounded-md focus:bg-surface focus:p-3"
      >
        <Trans>Skip to content</Trans>
      </a>
      {above}
      <div className="flex min-h-0 flex-1 print:block">
        {wide ? (
          beside
        ) : (
          <Sheet open={open} onClose={close} side="left" title={t`Menu`}>
            {menu(close)}
          </Sheet>
        )}
        <div className="flex min-w-0 flex-1 flex-col print:block">
          {!wide && (
            <header className="flex h-13 shrink-0 items-center gap-1 border-line border-b px-1.5 print:hidden">
              <IconButton
                label={t`Menu`}
                tip={false}
                icon={<MenuIcon size={20} />}
                onClick={() => setOpen(true)}
              />
              {bar}
            </header>
          )}
          {children}
        </div>
      </div>
    </div>
  );
}
