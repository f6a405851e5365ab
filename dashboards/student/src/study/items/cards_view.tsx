import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, IconButton, number } from "@medai/ui";
import { ChevronLeft, ChevronRight, Layers, List } from "lucide-react";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { deckPath, reviewPath } from "../paths.ts";
import type { Card, Material } from "../result_types.ts";
import { Step } from "../step.tsx";
import { CardFace } from "./card_face.tsx";
import { swiped } from "./swipe.ts";

/** Cards one after the other, or all below each other; and the ways to their deck. */
export function CardsView({ cards, material }: { cards: readonly Card[]; material: Material | undefined }) {
  const [all, setAll] = useState(false);
  return (
    <section aria-label={t`Cards`} className="flex flex-col gap-3 print:hidden">
      {all ? <AllCards cards={cards} /> : <OneCard cards={cards} />}
      <div className="flex flex-wrap items-center gap-2">
        <Button
          look="quiet"
          icon={all ? <Layers size={16} aria-hidden /> : <List size={16} aria-hidden />}
          onClick={() => setAll(!all)}
        >
          {all ? t`One at a time` : t`All cards`}
        </Button>
        {material?.kind === "deck" && (
          <span className="ms-auto flex flex-wrap gap-2">
            <Button look="quiet" asChild>
              <Step path={deckPath(material.id)}>
                <Trans>Open deck</Trans>
              </Step>
            </Button>
            <Button look="primary" asChild>
              <Step path={reviewPath(material.id)}>
                <Trans>Review this deck</Trans>
              </Step>
            </Button>
          </span>
        )}
      </div>
    </section>
  );
}

function OneCard({ cards }: { cards: readonly Card[] }) {
  const [at, setAt] = useState(0);
  const [turned, setTurned] = useState(false);
  const flip = useRef<HTMLButtonElement>(null);
  const from = useRef<{ x: number; y: number }>(undefined);
  const shown = Math.min(at, cards.length - 1);
  const card = cards[shown];
  if (!card) return null;
  const turn = (by: number) => {
    const next = shown + by;
    if (by === 0 || next < 0 || next >= cards.length) return;
    setAt(next);
    setTurned(false);
  };
  const isRtl = () => document.documentElement.dir === "rtl";
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    turn((event.key === "ArrowRight") === !isRtl() ? 1 : -1);
  };
  const onPointerUp = (event: PointerEvent) => {
    const start = from.current;
    from.current = undefined;
    // With a mouse, text is marked that way.
    if (start && event.pointerType !== "mouse")
      turn(swiped(event.clientX - start.x, event.clientY - start.y, isRtl()));
  };
  const onClick = (event: { target: EventTarget }) => {
    const inner = event.target instanceof Element && event.target.closest("a, button, [role=button]");
    if (inner || !getSelection()?.isCollapsed) return;
    setTurned(!turned);
    // From here on, the space bar turns it.
    flip.current?.focus({ preventScroll: true });
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys beside the buttons that are in it
    <div className="flex flex-col gap-2" onKeyDown={onKeyDown}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the button below does the same */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the button below does the same */}
      <div
        className="flex min-h-48 cursor-pointer touch-pan-y flex-col justify-center rounded-lg border border-line bg-surface px-5 py-4 shadow-card"
        onClick={onClick}
        onPointerDown={({ clientX, clientY }) => {
          from.current = { x: clientX, y: clientY };
        }}
        onPointerCancel={() => {
          from.current = undefined;
        }}
        onPointerUp={onPointerUp}
      >
        <CardFace key={card.id} card={card} turned={turned} />
      </div>
      <div className="flex items-center justify-center gap-2">
        <IconButton
          label={t`Previous card`}
          icon={<ChevronLeft size={18} className="rtl:-scale-x-100" />}
          disabled={shown === 0}
          onClick={() => turn(-1)}
        />
        <span className="figures min-w-14 text-center text-muted text-sm">
          <span className="sr-only">
            <Trans>Card</Trans>{" "}
          </span>
          {number(shown + 1)} / {number(cards.length)}
        </span>
        <IconButton
          label={t`Next card`}
          icon={<ChevronRight size={18} className="rtl:-scale-x-100" />}
          disabled={shown >= cards.length - 1}
          onClick={() => turn(1)}
        />
        <Button ref={flip} aria-pressed={turned} onClick={() => setTurned(!turned)}>
          {turned ? t`Show the question` : t`Show the answer`}
        </Button>
      </div>
    </div>
  );
}

function AllCards({ cards }: { cards: readonly Card[] }) {
  return (
    <ol className="flex flex-col border-line border-t">
      {cards.map((card) => (
        <li key={card.id} className="border-line border-b py-3">
          <CardFace card={card} turned />
        </li>
      ))}
    </ol>
  );
}
