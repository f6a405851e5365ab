import { cx } from "@medai/ui";
import { sparkPath } from "./spark_path.ts";

interface Props {
  /** Read out in place of the line. */
  label: string;
  values: readonly (number | null)[];
  /** The top of the scale; the highest value unless given. */
  max?: number;
  className?: string;
  tone?: "accent" | "danger" | "muted";
}

const TONES = { accent: "stroke-accent", danger: "stroke-danger", muted: "stroke-edge" };

/** A line of the size of a word. */
export function Spark({ label, values, max, className, tone = "accent" }: Props) {
  const line = sparkPath(values, 100, 24, max);
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox="0 0 100 24"
      preserveAspectRatio="none"
      className={cx("block h-6 w-24 overflow-visible", className)}
    >
      <path d="M0 23.5H100" className="fill-none stroke-line" vectorEffect="non-scaling-stroke" />
      <path
        d={line}
        className={cx("fill-none", TONES[tone])}
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  );
}
