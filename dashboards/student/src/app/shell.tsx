import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useAccount } from "@medai/client/react";
import { IconButton, Sheet, Wordmark } from "@medai/ui";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Menu as MenuIcon, SquarePen } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Sidebar } from "../chat/sidebar.tsx";
import { Palettes } from "../palette/index.tsx";
import { focusAfter } from "./focus.ts";
import { SIDEBAR, useWide } from "./side_panel.tsx";
import { LockScreen, MaintenanceBanner, useStatus } from "./status.tsx";

/** What is around every page of those who are signed in. */
export function Shell() {
  const wide = useWide(SIDEBAR);
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const { maintenance } = useStatus();
  const { role } = useAccount();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever goes elsewhere is done with the menu
  useEffect(() => setOpen(false), [path]);
  const first = useRef(path);
  useEffect(() => {
    if (first.current === path) return;
    first.current = path;
    // A conversation says itself where it begins.
    if (path !== "/" && !path.startsWith("/chat/")) focusAfter("turnedTo");
  }, [path]);
  // Admins come in, to put it right.
  if (maintenance.level === "hard" && !role) return <LockScreen />;
  return (
    <div className="flex h-dvh flex-col print:block print:h-auto">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:rounded-md focus:bg-surface focus:p-3"
      >
        <Trans>Skip to content</Trans>
      </a>
      <MaintenanceBanner />
      <Palettes />
      <div className="flex min-h-0 flex-1 print:block">
        {wide ? (
          <div className="flex w-[17.5rem] shrink-0 flex-col border-line border-e print:hidden">
            <Sidebar />
          </div>
        ) : (
          <Sheet open={open} onClose={() => setOpen(false)} side="left" title={t`Menu`}>
            <Sidebar />
          </Sheet>
        )}
        <div className="flex min-w-0 flex-1 flex-col print:block">
          {!wide && (
            <header className="flex h-13 shrink-0 items-center justify-between border-line border-b px-1.5 print:hidden">
              <IconButton
                label={t`Menu`}
                tip={false}
                icon={<MenuIcon size={20} />}
                onClick={() => setOpen(true)}
              />
              <Link to="/" aria-label={t`medai: new question`} className="flex h-10 items-center">
                <Wordmark />
              </Link>
              <Link
                to="/"
                aria-label={t`New question`}
                onClick={() => focusAfter("opened")}
                className="grid size-10 place-items-center rounded-md text-muted hover:bg-sunken"
              >
                <SquarePen size={19} />
              </Link>
            </header>
          )}
          <main
            id="main"
            tabIndex={-1}
            data-focus="page"
            className="flex min-h-0 flex-1 flex-col outline-none print:block"
          >
            <Outlet />
          </main>
        </div>
      </div>
    </div>
  );
}

/** A page that scrolls as a whole, unlike the conversation. */
export function ScrollPage({ children }: { children: React.ReactNode }) {
  return (
    <div className="scrolls min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto w-full max-w-[58rem] px-4 py-6 sm:px-8 sm:py-10">{children}</div>
    </div>
  );
}
