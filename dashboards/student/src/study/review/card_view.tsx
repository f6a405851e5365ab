import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { cx } from "@medai/ui";
import { BookOpenText } from "lucide-react";
import { type PointerEvent, useEffect, useId, useRef, useState } from "react";
import { pageOf } from "../../source/doubt.ts";
import { Answer, Question } from "../card_face.tsx";
import { CareLine } from "../care_line.tsx";
import type { QueueCard, Rating, Source } from "../types.ts";
import { isTap, swipeOf, type Touch } from "./swipe.ts";

interface Props {
  card: QueueCard;
  revealed: boolean;
  onReveal: () => void;
  onRate: (rating: Rating) => void;
  onSource: (source: Source) => void;
}

/** A card. Its answer comes below its question, so that nothing moves that was read; a screen reader is led to each. */
export function CardView({ card, revealed, onReveal, onRate, onSource }: Props) {
  const id = useId();
  const question = useRef<HTMLElement>(null);
  const answer = useRef<HTMLElement>(null);
  useEffect(() => {
    if (!document.querySelector("[role=dialog]")) question.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    if (revealed) answer.current?.focus({ preventScroll: true });
  }, [revealed]);
  const { touch, way } = useTouch(revealed, onReveal, onRate);
  return (
    <div
      {...touch}
      className="scrolls relative flex min-h-0 flex-1 touch-pan-y flex-col overflow-y-auto overflow-x-clip"
    >
      <div className="mx-auto flex w-full max-w-[44rem] flex-1 flex-col px-4 py-5 sm:px-8 sm:py-8">
        <section
          ref={question}
          tabIndex={-1}
          aria-label={t`Question`}
          aria-describedby={`${id}-question`}
          className="outline-none"
        >
          <div id={`${id}-question`} dir="auto" className="[&_.prose]:text-lg">
            <Question card={card} ordinal={card.ordinal} revealed={revealed} />
          </div>
        </section>
        {revealed && (
          <section
            ref={answer}
            tabIndex={-1}
            aria-label={t`Answer`}
            aria-describedby={`${id}-answer`}
            className="mt-5 border-line border-t pt-5 outline-none"
          >
            <div id={`${id}-answer`} dir="auto" className="[&_.prose]:text-lg">
              <Answer card={card} ordinal={card.ordinal} />
            </div>
            {card.source && <SourceLink source={card.source} onOpen={onSource} />}
            {card.tags.length > 0 && <p className="mt-3 text-faint text-sm">{card.tags.join(" · ")}</p>}
          </section>
        )}
        <CareLine className="mt-auto pt-6" />
      </div>
      {way && (
        <p
          aria-hidden
          className={cx(
            "pointer-events-none fixed top-1/3 z-10 rounded-full px-4 py-2 font-semibold shadow-pop",
            way === "right" ? "right-4 bg-accent text-on-accent" : "left-4 bg-danger-soft text-danger",
          )}
        >
          {way === "right" ? t`Good` : t`Again`}
        </p>
      )}
    </div>
  );
}

function SourceLink({ source, onOpen }: { source: Source; onOpen: (source: Source) => void }) {
  return (
    <button
      type="button"
      className="mt-4 inline-flex min-h-9 pointer-coarse:min-h-11 max-w-full items-center gap-2 text-start text-accent text-sm hover:underline"
      onClick={() => onOpen(source)}
    >
      <BookOpenText size={16} className="shrink-0" aria-hidden />
      <span className="truncate">
        <Trans>
          <bdi>{source.title}</bdi>, page {pageOf(source)}
        </Trans>
      </span>
    </button>
  );
}

/** What is pressed or scrolled sideways by itself is no place for a tap or a swipe. */
function isTaken(target: EventTarget | null): boolean {
  for (let each = target instanceof Element ? target : null; each; each = each.parentElement) {
    if (each.matches("a, button, input, textarea, select, summary")) return true;
    if (each.scrollWidth > each.clientWidth + 1 && /auto|scroll/.test(getComputedStyle(each).overflowX))
      return true;
    if (each.id === "main") return false;
  }
  return false;
}

/** A tap shows the answer; then a swipe to the right is good, and one to the left again. */
function useTouch(revealed: boolean, onReveal: () => void, onRate: (rating: Rating) => void) {
  const from = useRef<Touch & { id: number }>(undefined);
  const [way, setWay] = useState<"left" | "right">();
  const at = (event: PointerEvent): Touch => ({ x: event.clientX, y: event.clientY, at: event.timeStamp });
  const end = () => {
    from.current = undefined;
    setWay(undefined);
  };
  const seen = (event: PointerEvent) =>
    from.current && revealed && event.pointerType !== "mouse"
      ? swipeOf(from.current, at(event), event.currentTarget.clientWidth)
      : undefined;
  const touch = {
    onPointerDown: (event: PointerEvent) => {
      // A second finger is no swipe.
      if (!event.isPrimary) return end();
      if (event.button === 0 && !isTaken(event.target)) from.current = { ...at(event), id: event.pointerId };
    },
    onPointerMove: (event: PointerEvent) => {
      if (event.pointerId === from.current?.id) setWay(seen(event));
    },
    onPointerUp: (event: PointerEvent) => {
      const start = from.current;
      if (!start || event.pointerId !== start.id) return;
      const swiped = seen(event);
      end();
      if (swiped) onRate(swiped === "right" ? 3 : 1);
      else if (!revealed && isTap(start, at(event)) && document.getSelection()?.isCollapsed !== false)
        onReveal();
    },
    onPointerCancel: end,
  };
  return { touch, way };
}
