import { type ReactNode, startTransition, useEffect, useRef, useState } from "react";
import type { Turn } from "./branches.ts";
import { estimate } from "./estimate.ts";
import { AT_ONCE } from "./growing.ts";
import type { Sight } from "./sight.ts";

/** How much of a turn is drawn. */
export interface Drawn {
  /** Its answer is rendered, and not only there as text. */
  written: boolean;
  /** It is in sight, or about to be. */
  near: boolean;
}

interface Props {
  turn: Turn;
  at: number;
  /** How many turns there are. */
  of: number;
  /** The least height. */
  least: number | undefined;
  sight: Sight;
  children: (drawn: Drawn) => ReactNode;
}

/** The place of a turn: what is out of sight has no layout, and the height that it had or may have. */
export function Row({ turn, at, of, least, sight, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const isNew = at >= of - AT_ONCE;
  const [near, setNear] = useState(isNew);
  const [written, setWritten] = useState(isNew);
  useEffect(() => (box.current ? sight.watch(box.current, setNear) : undefined), [sight]);
  useEffect(() => {
    if (written) return undefined;
    return sight.line.join({
      at,
      near,
      run: (now) => (now ? setWritten(true) : startTransition(() => setWritten(true))),
    });
  }, [written, near, at, sight]);
  const isLast = at === of - 1;
  return (
    <div
      ref={box}
      // The last one grows while it is read.
      className={isLast ? undefined : "[content-visibility:auto] print:[content-visibility:visible]"}
      style={{ minHeight: least, containIntrinsicBlockSize: isLast ? undefined : `auto ${estimate(turn)}px` }}
    >
      {children({ written, near })}
    </div>
  );
}
