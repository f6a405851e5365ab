import { cx } from "@medai/ui";
import { Markdown } from "@medai/ui/markdown";

/** Text that a model wrote: Markdown with formulas, in the size of what is around it. */
export function Words({ text, small }: { text: string; small?: boolean }) {
  return (
    <div dir="auto" className={cx("min-w-0 text-start", small && "[&_.prose]:text-base")}>
      <Markdown text={text} />
    </div>
  );
}
