import { cx, IconButton } from "@medai/ui";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Turn } from "./branches.ts";

interface Props {
  session: string;
  turns: Turn[];
  /** Grows with each question that is sent here: then its turn comes to the top. */
  asked: number;
  children: (turn: Turn) => ReactNode;
}

/**
 * The turns of a conversation. Only those in sight are in the page, so that long ones stay fast. A new question comes to
 * the top and its answer grows below it: nothing that is being read moves.
 */
export function Conversation({ session, turns, asked, children }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const [below, setBelow] = useState(false);
  const last = turns.length - 1;
  const rows = useVirtualizer({
    count: turns.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 420,
    getItemKey: (at) => turns[at]?.question.id ?? at,
    overscan: 3,
    paddingEnd: 24,
  });
  // Only what grows above the page's top may move it, and the last turn grows at its end.
  rows.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, { scrollOffset }) =>
    item.index !== last && item.start < (scrollOffset ?? 0);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setRoom(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // A conversation opens at its end.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another one is opened
  useLayoutEffect(() => {
    if (last >= 0) rows.scrollToIndex(last, { align: last > 0 ? "end" : "start" });
  }, [session, last >= 0]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when something was asked
  useEffect(() => {
    if (asked > 0 && last >= 0) rows.scrollToIndex(last, { align: "start" });
  }, [asked]);

  const onScroll = () => {
    const element = scroller.current;
    if (element) setBelow(element.scrollHeight - element.scrollTop - element.clientHeight > 120);
  };
  return (
    <div className="relative min-h-0 flex-1">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section
        ref={scroller}
        aria-label="Conversation"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="h-full overflow-y-auto overscroll-contain outline-offset-[-2px] [overflow-anchor:none] [scrollbar-gutter:stable]"
        onScroll={onScroll}
      >
        <div className="relative w-full" style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const turn = turns[row.index];
            if (!turn) return null;
            return (
              <div
                key={row.key}
                ref={rows.measureElement}
                data-index={row.index}
                className="absolute inset-x-0 top-0"
                style={{
                  transform: `translateY(${row.start}px)`,
                  minHeight: row.index === last && asked > 0 ? room - 24 : undefined,
                }}
              >
                {children(turn)}
              </div>
            );
          })}
        </div>
      </section>
      <IconButton
        label="To the end"
        tip={false}
        icon={<ArrowDown size={18} />}
        className={cx(
          "absolute bottom-3 left-1/2 size-9! pointer-coarse:size-10! -translate-x-1/2 rounded-full! border border-line bg-surface shadow-pop transition-opacity",
          below ? "opacity-100" : "pointer-events-none invisible opacity-0",
        )}
        onClick={() => {
          scroller.current?.scrollTo({ top: scroller.current.scrollHeight, behavior: "smooth" });
          scroller.current?.focus({ preventScroll: true });
        }}
      />
    </div>
  );
}
