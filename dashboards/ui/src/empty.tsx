import type { ReactNode } from "react";

/** What is shown where nothing is yet: why, and how to begin. */
export function Empty({
  title,
  children,
  actions,
}: {
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center px-4 py-12 text-center">
      <p className="font-serif font-[560] text-xl">{title}</p>
      {children && <div className="mt-2 max-w-[46ch] text-muted">{children}</div>}
      {actions && <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
