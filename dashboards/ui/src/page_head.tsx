import type { ReactNode } from "react";
import { cx } from "./cx.ts";

/** The head of a page: its name, what it is for, and what can be done on it. */
export function PageHead({ title, lead, actions }: { title: string; lead?: ReactNode; actions?: ReactNode }) {
  return (
    <header className="mb-6 flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      {/* A lead rather takes a second line than to push the actions below it. */}
      <div className={cx("min-w-0", lead ? "flex-[1_1_20rem]" : null)}>
        <h1 className="text-[1.75rem] sm:text-[2.125rem]">{title}</h1>
        {lead && <p className="mt-1.5 max-w-[60ch] text-pretty text-muted">{lead}</p>}
      </div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </header>
  );
}
