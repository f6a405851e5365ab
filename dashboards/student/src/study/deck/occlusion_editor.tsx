import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, cx, Notice, number, Skeleton } from "@medai/ui";
import { type KeyboardEvent, type PointerEvent, useRef, useState } from "react";
import { between, byKey, MOST_BOXES, moved, type Point, pointIn } from "../occlusion.ts";
import { usePicture } from "../pictures.ts";
import type { Box, Occlusion } from "../types.ts";

interface Props {
  fields: Occlusion;
  onChange: (boxes: Box[]) => void;
}

/** What a pointer does: it draws a new box, or moves one. */
type Drag = { from: Point } & ({ kind: "draw"; to: Point } | { kind: "move"; at: number; box: Box });

/** Where a box is put that is made by a key. */
const MIDDLE: Box = { x: 0.4, y: 0.42, w: 0.2, h: 0.12 };

/** Boxes are drawn over a picture with a mouse or a finger, and moved by the arrow keys. */
export function OcclusionEditor({ fields, onChange }: Props) {
  const { boxes } = fields;
  const { url, failed } = usePicture(fields);
  const frame = useRef<HTMLDivElement>(null);
  const [drag, setDrag] = useState<Drag>();
  const [loaded, setLoaded] = useState(false);
  if (failed)
    return (
      <Notice tone="bad" title={t`The picture can’t be shown`} alert>
        <Trans>Choose another one, or try again in a moment.</Trans>
      </Notice>
    );
  const at = (event: PointerEvent): Point => {
    const box = frame.current?.getBoundingClientRect();
    return pointIn(box ?? { left: 0, top: 0, width: 1, height: 1 }, event);
  };
  const replace = (place: number, box: Box) => onChange(boxes.map((each, n) => (n === place ? box : each)));
  const add = (box: Box) => boxes.length < MOST_BOXES && onChange([...boxes, box]);
  const focus = (place: number) =>
    requestAnimationFrame(() =>
      frame.current?.querySelector<HTMLElement>(`[data-box="${place}"]`)?.focus({ preventScroll: true }),
    );
  const down = (event: PointerEvent<HTMLElement>) => {
    if (!event.isPrimary || event.button !== 0) return;
    const on = event.target instanceof HTMLElement ? event.target.dataset.box : undefined;
    const box = on === undefined ? undefined : boxes[Number(on)];
    event.currentTarget.setPointerCapture(event.pointerId);
    const from = at(event);
    setDrag(box ? { kind: "move", from, at: Number(on), box } : { kind: "draw", from, to: from });
  };
  const move = (event: PointerEvent) => {
    if (!drag) return;
    const to = at(event);
    if (drag.kind === "draw") setDrag({ ...drag, to });
    else replace(drag.at, moved(drag.box, to.x - drag.from.x, to.y - drag.from.y));
  };
  const up = () => {
    const box = drag?.kind === "draw" ? between(drag.from, drag.to) : undefined;
    setDrag(undefined);
    if (box) {
      add(box);
      focus(boxes.length);
    }
  };
  const key = (event: KeyboardEvent, place: number, box: Box) => {
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      onChange(boxes.filter((_, n) => n !== place));
      focus(Math.max(0, place - 1));
      return;
    }
    const next = byKey(box, event.key, { resize: event.shiftKey, fine: event.altKey });
    if (!next) return;
    event.preventDefault();
    replace(place, next);
  };
  const drawn = drag?.kind === "draw" ? between(drag.from, drag.to) : undefined;
  return (
    <div className="flex flex-col gap-2">
      <div
        ref={frame}
        dir="ltr"
        className="relative mx-auto w-fit max-w-full cursor-crosshair touch-none select-none"
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={() => setDrag(undefined)}
      >
        {url && (
          <img
            src={url}
            alt={t`What boxes are drawn on`}
            draggable={false}
            className="block max-h-[60dvh] max-w-full rounded-sm bg-white"
            onLoad={() => setLoaded(true)}
          />
        )}
        {!loaded && <Skeleton className="h-64 w-80 max-w-full" />}
        {loaded &&
          boxes.map((box, place) => (
            // biome-ignore lint/a11y/useSemanticElements: it is moved by keys, and not pressed
            <div
              // biome-ignore lint/suspicious/noArrayIndexKey: a box is known by its place
              key={place}
              data-box={place}
              role="button"
              tabIndex={0}
              aria-label={box.label ? t`Box ${number(place + 1)}: ${box.label}` : t`Box ${number(place + 1)}`}
              aria-describedby="occlusion-keys"
              className="absolute grid cursor-move place-items-center border-2 border-on-accent bg-accent/80 font-semibold text-on-accent text-sm"
              style={placeOf(box)}
              onKeyDown={(event) => key(event, place, box)}
            >
              <span className="pointer-events-none">{number(place + 1)}</span>
            </div>
          ))}
        {drawn && <div className="absolute border-2 border-accent bg-accent/40" style={placeOf(drawn)} />}
      </div>
      <div className={cx("flex flex-wrap items-center gap-x-3 gap-y-2", !loaded && "invisible")}>
        <Button
          size="sm"
          disabled={boxes.length >= MOST_BOXES}
          onClick={() => {
            add(MIDDLE);
            focus(boxes.length);
          }}
        >
          <Trans>Add a box</Trans>
        </Button>
        <p id="occlusion-keys" className="min-w-0 flex-1 text-faint text-sm">
          <Trans>
            Draw over the picture. Arrow keys move a box, with Shift its size changes; Delete removes it.
          </Trans>
        </p>
      </div>
    </div>
  );
}

const placeOf = ({ x, y, w, h }: Box) => ({
  left: `${x * 100}%`,
  top: `${y * 100}%`,
  width: `${w * 100}%`,
  height: `${h * 100}%`,
});
