import { cx } from "@medai/ui";
import { GripVertical } from "lucide-react";
import {
  type KeyboardEvent,
  type PointerEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { moved, placeAt, type Span } from "./sorting.ts";

interface Props {
  ids: string[];
  /** What each is called, when its move is told. */
  nameOf: (id: string) => string;
  onMove: (id: string, to: number) => void;
  /** Without it there are no handles. */
  enabled: boolean;
  label: string;
  children: (id: string, handle: ReactNode) => ReactNode;
}

interface Drag {
  id: string;
  to: number;
  by: "pointer" | "keys";
  /** How far it was dragged, in pixels. */
  offset: number;
}

/**
 * A list whose order is changed: by dragging a handle, or by the keyboard. On the handle, Space lifts, arrows move, Space
 * drops, and Escape puts back. Each step is told to who hears the page.
 */
export function Sortable({ ids, nameOf, onMove, enabled, label, children }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const spans = useRef<Span[]>([]);
  const began = useRef(0);
  const [drag, setDrag] = useState<Drag>();
  const [told, setTold] = useState("");
  const shown = drag?.by === "keys" ? moved(ids, drag.id, drag.to) : ids;
  const lifted = drag?.by === "keys" ? drag.id : undefined;

  // To be moved in the page takes the focus from a handle.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each step
  useLayoutEffect(() => {
    if (lifted) list.current?.querySelector<HTMLElement>(`[data-handle="${lifted}"]`)?.focus();
  }, [lifted, drag?.to]);

  // What is dragged must not vanish unseen.
  useEffect(() => {
    if (drag && !ids.includes(drag.id)) setDrag(undefined);
  }, [drag, ids]);

  const drop = (done: Drag) => {
    setDrag(undefined);
    if (done.to !== ids.indexOf(done.id)) onMove(done.id, done.to);
  };

  const onKey = (event: KeyboardEvent, id: string) => {
    const name = nameOf(id);
    const holding = drag?.by === "keys" && drag.id === id ? drag : undefined;
    const place = (to: number) => `place ${to + 1} of ${ids.length}`;
    if (event.key === " " || event.key === "Enter") {
      if (holding) {
        setTold(`${name} dropped at ${place(holding.to)}.`);
        drop(holding);
      } else {
        const to = ids.indexOf(id);
        setDrag({ id, to, by: "keys", offset: 0 });
        setTold(`${name} lifted from ${place(to)}. Arrows move it, Space drops it, Escape puts it back.`);
      }
    } else if (holding && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      const to = Math.min(ids.length - 1, Math.max(0, holding.to + (event.key === "ArrowUp" ? -1 : 1)));
      setDrag({ ...holding, to });
      setTold(`${name}: ${place(to)}.`);
    } else if (holding && (event.key === "Escape" || event.key === "Tab")) {
      setDrag(undefined);
      setTold(`${name} put back.`);
      if (event.key === "Tab") return;
    } else return;
    event.preventDefault();
  };

  const onDown = (event: PointerEvent<HTMLElement>, id: string) => {
    if (event.button !== 0 || drag) return;
    const rows = [...(list.current?.children ?? [])];
    spans.current = rows.map((row) => {
      const { top, height } = row.getBoundingClientRect();
      return { top, height };
    });
    began.current = event.clientY;
    event.currentTarget.setPointerCapture(event.pointerId);
    setDrag({ id, to: ids.indexOf(id), by: "pointer", offset: 0 });
  };
  const onPointer = (event: PointerEvent) => {
    if (drag?.by !== "pointer") return;
    const offset = event.clientY - began.current;
    setDrag({ ...drag, offset, to: placeAt(spans.current, ids.indexOf(drag.id), offset) });
  };

  const handleOf = (id: string) =>
    enabled &&
    ids.length > 1 && (
      <button
        type="button"
        data-handle={id}
        aria-label={`Move ${nameOf(id)}, place ${shown.indexOf(id) + 1} of ${ids.length}`}
        aria-pressed={lifted === id}
        title="Drag, or press Space and use the arrows"
        className={cx(
          "grid size-8 shrink-0 touch-none place-items-center rounded-sm text-faint hover:bg-sunken hover:text-ink",
          drag?.id === id ? "cursor-grabbing!" : "cursor-grab!",
        )}
        onKeyDown={(event) => onKey(event, id)}
        onPointerDown={(event) => onDown(event, id)}
        onPointerMove={onPointer}
        onPointerUp={() => drag?.by === "pointer" && drop(drag)}
        onPointerCancel={() => setDrag(undefined)}
      >
        <GripVertical size={16} aria-hidden />
      </button>
    );

  return (
    <>
      <ol ref={list} aria-label={label} className="divide-y divide-line">
        {shown.map((id, index) => (
          <li
            key={id}
            className={cx(
              "bg-surface",
              drag?.id === id && "relative z-10 shadow-pop",
              drag?.by === "pointer" && drag.id !== id && "transition-transform",
            )}
            style={{
              transform: drag?.by === "pointer" ? shiftOf(drag, ids, index, spans.current) : undefined,
            }}
          >
            {children(id, handleOf(id))}
          </li>
        ))}
      </ol>
      <p role="status" className="sr-only">
        {told}
      </p>
    </>
  );
}

/** Where a row is while another is dragged over it. */
function shiftOf(drag: Drag, ids: string[], index: number, spans: Span[]): string | undefined {
  const from = ids.indexOf(drag.id);
  if (index === from) return `translateY(${drag.offset}px)`;
  const height = spans[from]?.height ?? 0;
  if (index > from && index <= drag.to) return `translateY(${-height}px)`;
  if (index < from && index >= drag.to) return `translateY(${height}px)`;
  return undefined;
}
