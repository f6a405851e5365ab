import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";

/** A table that scrolls sideways by itself where there is no room for it. */
export function Table({
  label,
  children,
  className,
}: {
  /** What it holds, for whoever hears it. */
  label: string;
  children: ReactNode;
  className?: string;
}) {
  return (
    // Positioned, or what is hidden in it from the eye would widen the page.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="scrolls relative overflow-x-auto">
      <table className={cx("w-full border-collapse text-start text-[0.9375rem]", className)}>
        {children}
      </table>
    </section>
  );
}

interface Place {
  /** Figures stand at the end of their column. */
  figures?: boolean;
}

/** The head of a column, or of a row with `scope="row"`. */
export function Th({ figures, scope = "col", className, ...rest }: Place & ComponentProps<"th">) {
  return (
    <th
      scope={scope}
      {...rest}
      className={cx(
        "px-2 first:ps-0 last:pe-0 sm:px-3 sm:first:ps-0 sm:last:pe-0",
        figures ? "text-end" : "text-start",
        scope === "col"
          ? "whitespace-nowrap border-line border-b pb-2 align-bottom font-medium text-faint text-sm"
          : "border-line border-b py-2.5 align-top font-normal",
        className,
      )}
    />
  );
}

export function Td({ figures, className, ...rest }: Place & ComponentProps<"td">) {
  return (
    <td
      {...rest}
      className={cx(
        "border-line border-b px-2 py-2.5 align-top first:ps-0 last:pe-0 sm:px-3 sm:first:ps-0 sm:last:pe-0",
        figures ? "text-end" : "text-start",
        className,
      )}
    />
  );
}
