import { t } from "@lingui/core/macro";
import { cx, IconButton } from "@medai/ui";
import { ArrowDown } from "lucide-react";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Turn } from "./branches.ts";
import { estimate } from "./estimate.ts";
import { useGrowing } from "./growing.ts";
import { type Drawn, Row } from "./row.tsx";
import { useEnd } from "./scroll_end.ts";
import { useSight } from "./sight.ts";

interface Props {
  session: string;
  turns: Turn[];
  /** Grows with each question that is sent here: then its turn comes to the top. */
  asked: number;
  children: (turn: Turn, drawn: Drawn) => ReactNode;
}

/**
 * The turns of a conversation. All of them are in the page, so that the browser finds what is in them and prints them;
 * it draws only those in sight, so that long conversations stay fast. A new question comes to the top and its answer
 * grows below it: nothing that is being read moves.
 */
export function Conversation({ session, turns, asked, children }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState(0);
  const sight = useSight(scroller);
  const last = turns.length - 1;
  const shown = useGrowing(session, turns.length, sight.line);
  const { end, below, letGo } = useEnd(scroller, rows, session);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setRoom(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // What is read while it is written stays where it is.
  const writing = turns[last]?.answer?.status === "pending";
  useEffect(() => {
    if (writing) letGo();
  }, [writing, letGo]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only when something was asked
  useEffect(() => {
    if (asked === 0 || last < 0) return;
    letGo();
    rows.current?.lastElementChild?.scrollIntoView({ block: "start" });
  }, [asked]);

  const absent = turns.slice(0, turns.length - shown);
  return (
    <div className="relative min-h-0 flex-1 print:static">
      <section
        ref={scroller}
        aria-label={t`Conversation`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="scrolls h-full overflow-y-auto overscroll-contain pb-6 print:pb-0 outline-offset-[-2px] [scrollbar-gutter:stable]"
      >
        {absent.length > 0 && (
          <div aria-busy style={{ height: absent.reduce((sum, turn) => sum + estimate(turn), 0) }} />
        )}
        <div ref={rows}>
          {turns.slice(absent.length).map((turn, index) => {
            const at = absent.length + index;
            const least = at === last && asked > 0 ? room - 24 : undefined;
            return (
              <Row key={turn.question.id} turn={turn} at={at} of={turns.length} least={least} sight={sight}>
                {(drawn) => (
                  <>
                    {children(turn, drawn)}
                    {at === last && <div ref={end} aria-hidden className="h-px scroll-mb-6 print:hidden" />}
                  </>
                )}
              </Row>
            );
          })}
        </div>
      </section>
      <IconButton
        label={t`Scroll to the end`}
        tip={false}
        icon={<ArrowDown size={18} />}
        className={cx(
          "absolute bottom-3 left-1/2 size-9! pointer-coarse:size-10! -translate-x-1/2 rounded-full! border border-line bg-surface shadow-pop transition-opacity print:hidden",
          below ? "opacity-100" : "pointer-events-none invisible opacity-0",
        )}
        onClick={() => {
          end.current?.scrollIntoView({ block: "end", behavior: "smooth" });
          scroller.current?.focus({ preventScroll: true });
        }}
      />
    </div>
  );
}
