import { preloadWhenIdle } from "@medai/client/chunks";
import { AppShell, Wordmark } from "@medai/ui";
import { type AnyRoute, Link, Outlet, useRouter, useRouterState } from "@tanstack/react-router";
import { type ReactNode, useEffect } from "react";
import { Navigation } from "./navigation.tsx";
import { Shortcuts } from "./shortcuts.tsx";
import { MaintenanceBanner } from "./status_banner.tsx";

const chunksOf = (routes: readonly AnyRoute[]) =>
  routes.flatMap(({ options: { component } }) =>
    component && "preload" in component ? [component as { preload: () => Promise<void> }] : [],
  );

/** What is around every page. */
export function Shell() {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const { routesById } = useRouter();
  // Whoever is in may go to these: they are there before they are asked for, and without network too.
  useEffect(() => preloadWhenIdle(chunksOf(Object.values(routesById))), [routesById]);
  return (
    <AppShell
      path={path}
      above={
        <>
          <MaintenanceBanner />
          <Shortcuts />
        </>
      }
      beside={
        <header className="flex w-56 shrink-0 flex-col border-line border-e print:hidden">
          <Navigation />
        </header>
      }
      menu={(close) => <Navigation onClose={close} />}
      bar={
        <Link to="/">
          <Wordmark suffix="admin" />
          <span className="sr-only">: overview</span>
        </Link>
      }
    >
      <main
        id="main"
        data-scroll-restoration-id="main"
        tabIndex={-1}
        className="scrolls min-h-0 flex-1 overflow-y-auto overflow-x-hidden outline-none"
      >
        <Outlet />
      </main>
    </AppShell>
  );
}

/** The frame of a page's contents. */
export function PageFrame({ children }: { children: ReactNode }) {
  return <div className="mx-auto w-full max-w-[100rem] px-4 py-6 sm:px-8 sm:py-8">{children}</div>;
}
