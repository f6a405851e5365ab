import { t } from "@lingui/core/macro";
import { useAccount } from "@medai/client/react";
import { AppShell, Wordmark } from "@medai/ui";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { SquarePen } from "lucide-react";
import { useEffect, useRef } from "react";
import { Sidebar } from "../chat/sidebar.tsx";
import { Palettes } from "../palette/index.tsx";
import { focusAfter } from "./focus.ts";
import { LockScreen, MaintenanceBanner, useStatus } from "./status.tsx";

/** What is around every page of those who are signed in. */
export function Shell() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const { maintenance } = useStatus();
  const { role } = useAccount();
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
    <AppShell
      path={path}
      above={
        <>
          <MaintenanceBanner />
          <Palettes />
        </>
      }
      beside={
        <div className="flex w-[17.5rem] shrink-0 flex-col border-line border-e print:hidden">
          <Sidebar />
        </div>
      }
      menu={() => <Sidebar />}
      bar={
        <>
          <Link to="/" aria-label={t`medai: new question`} className="mx-auto flex h-10 items-center">
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
        </>
      }
    >
      <main
        id="main"
        tabIndex={-1}
        data-focus="page"
        className="flex min-h-0 flex-1 flex-col outline-none print:block"
      >
        <Outlet />
      </main>
    </AppShell>
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
