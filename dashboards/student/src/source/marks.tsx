import type { Ref } from "react";
import type { Mark } from "./pdf.ts";

/** A passage, as with a highlighter. */
export function Marks({ marks, first }: { marks: readonly Mark[]; first?: Ref<HTMLDivElement> }) {
  return marks.map(({ left, top, width, height, angle }, at) => (
    <div
      key={`${left} ${top}`}
      ref={at === 0 ? first : undefined}
      className="pointer-events-none absolute origin-bottom-left rounded-[1px] bg-[#ffdf57]/75 mix-blend-multiply"
      style={{ left, top, width, height, transform: angle === 0 ? undefined : `rotate(${angle}rad)` }}
    />
  ));
}
