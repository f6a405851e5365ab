import { t } from "@lingui/core/macro";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { CareLine } from "./care_line.tsx";

const TAB =
  "inline-flex min-h-9 pointer-coarse:min-h-11 shrink-0 items-center whitespace-nowrap rounded-md px-3 text-[0.9375rem] text-muted hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent";

/** The places of studying. Some of their pages are made elsewhere. */
function places(): { to: string; label: string }[] {
  return [
    { to: "/study", label: t`Decks` },
    { to: "/study/questions", label: t`Questions` },
    { to: "/study/summaries", label: t`Summaries` },
    { to: "/study/maps", label: t`Maps` },
    { to: "/study/statistics", label: t`Statistics` },
  ];
}

/** What is around every page of studying: the ways between them, and what they are not for. */
export function StudyFrame({ children }: { children: ReactNode }) {
  return (
    <div className="scrolls min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto flex min-h-full w-full max-w-[58rem] flex-col px-4 py-4 sm:px-8 sm:py-6">
        <nav aria-label={t`Study`} className="-mx-1 mb-5 flex gap-1 overflow-x-auto px-1 py-1 print:hidden">
          {places().map(({ to, label }) => (
            <Link
              key={to}
              to={to}
              className={TAB}
              activeOptions={{ exact: to === "/study", includeSearch: false }}
            >
              {label}
            </Link>
          ))}
        </nav>
        <div className="flex-1">{children}</div>
        <CareLine className="mt-10 border-line border-t pt-3" />
      </div>
    </div>
  );
}
