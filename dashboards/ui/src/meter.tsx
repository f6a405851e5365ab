import { cx } from "./cx.ts";

interface Props {
  label: string;
  value: number;
  max: number;
  /** A second part on top of the value: promised, but not spent. */
  held?: number;
  /** How it is read out; the percentage unless given. */
  text?: string;
  /** Whether getting full is a good thing, as for progress. */
  progress?: boolean;
  className?: string;
}

/** How much of something is used or done. */
export function Meter({ label, value, max, held = 0, text, progress, className }: Props) {
  const share = (part: number) => (max > 0 ? Math.min(1, Math.max(0, part / max)) : 1);
  const full = share(value + held);
  const tone = progress || full < 0.8 ? "bg-accent" : full < 1 ? "bg-warn" : "bg-danger";
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a label
    <div
      role={progress ? "progressbar" : "meter"}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={Math.min(value, max)}
      aria-valuetext={text}
      className={cx("relative h-2 overflow-hidden rounded-full bg-sunken", className)}
    >
      <div
        className={cx(
          "absolute inset-0 origin-left rtl:origin-right rounded-full opacity-35 transition-transform duration-300",
          tone,
        )}
        style={{ transform: `scaleX(${full})` }}
      />
      <div
        className={cx(
          "absolute inset-0 origin-left rtl:origin-right rounded-full transition-transform duration-300",
          tone,
        )}
        style={{ transform: `scaleX(${share(value)})` }}
      />
    </div>
  );
}
