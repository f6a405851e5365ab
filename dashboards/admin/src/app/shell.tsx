import { IconButton, Sheet, Wordmark } from "@medai/ui";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { Menu as MenuIcon } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useMatch } from "../parts/match.ts";
import { Navigation } from "./navigation.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { MaintenanceBanner } from "./status_banner.tsx";

const WIDE = window.matchMedia("(min-width: 60rem)");

/** What is around every page. */
export function Shell() {
  const wide = useMatch(WIDE);
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever goes elsewhere is done with the menu
  useEffect(() => setOpen(false), [path]);
  return (
    <div className="flex h-dvh flex-col print:block print:h-auto">
      <a
        href="#main"
        className="sr-only focus:not-sr-only focus:absolute focus:z-50 focus:rounded-md focus:bg-surface focus:p-3"
      >
        Skip to content
      </a>
      <MaintenanceBanner />
      <Shortcuts />
      <div className="flex min-h-0 flex-1 print:block">
        {wide ? (
          <header className="flex w-56 shrink-0 flex-col border-line border-e print:hidden">
            <Navigation />
          </header>
        ) : (
          <Sheet open={open} onClose={() => setOpen(false)} side="left" title="Menu">
            <Navigation onClose={() => setOpen(false)} />
          </Sheet>
        )}
        <div className="flex min-w-0 flex-1 flex-col print:block">
          {!wide && (
            <header className="flex h-13 shrink-0 items-center gap-1 border-line border-b px-1.5 print:hidden">
              <IconButton
                label="Menu"
                tip={false}
                icon={<MenuIcon size={20} />}
                onClick={() => setOpen(true)}
              />
              <Link to="/">
                <Wordmark suffix="admin" />
                <span className="sr-only">: overview</span>
              </Link>
            </header>
          )}
          <main
            id="main"
            data-scroll-restoration-id="main"
            tabIndex={-1}
            className="scrolls min-h-0 flex-1 overflow-y-auto overflow-x-hidden outline-none"
          >
            <Outlet />
          </main>
        </div>
      </div>
    </div>
  );
}

/** The frame of a page's contents. */
export function PageFrame({ children }: { children: ReactNode }) {
  return <div className="mx-auto w-full max-w-[100rem] px-4 py-6 sm:px-8 sm:py-8">{children}</div>;
}
