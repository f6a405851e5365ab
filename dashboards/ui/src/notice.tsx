import { CircleAlert, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Tone } from "./badge.tsx";
import { cx } from "./cx.ts";

const LOOKS: Record<Tone, string> = {
  neutral: "border-line bg-sunken",
  good: "border-accent/30 bg-accent-soft",
  warn: "border-warn/30 bg-warn-soft",
  bad: "border-danger/30 bg-danger-soft",
};

const ICONS = { neutral: Info, good: Info, warn: TriangleAlert, bad: CircleAlert };
const INKS: Record<Tone, string> = {
  neutral: "text-muted",
  good: "text-accent",
  warn: "text-warn",
  bad: "text-danger",
};

interface Props {
  tone?: Tone;
  title?: ReactNode;
  children?: ReactNode;
  /** What can be done about it. */
  actions?: ReactNode;
  /** Read out as soon as it appears. */
  alert?: boolean;
}

/** Something that must be known here and now. */
export function Notice({ tone = "neutral", title, children, actions, alert }: Props) {
  const Icon = ICONS[tone];
  return (
    <div
      role={alert ? "alert" : undefined}
      className={cx("flex gap-3 rounded-md border px-3.5 py-3 text-[0.9375rem]", LOOKS[tone])}
    >
      <Icon size={18} aria-hidden className={cx("mt-0.5 shrink-0", INKS[tone])} />
      <div className="min-w-0 flex-1">
        {title && <p className="font-semibold">{title}</p>}
        {children && <div className="text-muted">{children}</div>}
        {actions && <div className="mt-2.5 flex flex-wrap gap-2">{actions}</div>}
      </div>
    </div>
  );
}
