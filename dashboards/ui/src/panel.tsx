import { type ReactNode, useId } from "react";
import { cx } from "./cx.ts";

/** A titled part of a page. */
export function Panel({
  title,
  aside,
  children,
  className,
}: {
  title?: string;
  aside?: ReactNode;
  children: ReactNode;
  className?: string;
}) {
  const id = useId();
  return (
    <section
      aria-labelledby={title ? id : undefined}
      className={cx("rounded-lg border border-line bg-surface p-4 shadow-card sm:p-5", className)}
    >
      {(title || aside) && (
        <header className="mb-3.5 flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
          {title && (
            <h2 id={id} className="text-lg">
              {title}
            </h2>
          )}
          {aside && <div className="text-faint text-sm">{aside}</div>}
        </header>
      )}
      {children}
    </section>
  );
}
