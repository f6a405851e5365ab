import { type PointerEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { brought, fitted, moved, type Size, type View, zoomed } from "./view_box.ts";

/** So far a finger may shake while it presses. */
const SHAKE = 5;

interface Finger {
  x: number;
  y: number;
}

/** A window onto a drawing: dragged, pinched, turned by the wheel with Ctrl, or by buttons. */
export function usePanZoom(drawing: Size) {
  const box = useRef<HTMLDivElement>(null);
  const [window, setWindow] = useState<Size>({ width: 0, height: 0 });
  const [view, setView] = useState<View>();
  const fingers = useRef(new Map<number, Finger>());
  const dragged = useRef(0);
  const known = useRef({ drawing, window });
  known.current = { drawing, window };

  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const measure = () => setWindow({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  // Before anybody has moved it, it fits the window.
  const shown = view ?? fitted(drawing, window, true);
  const current = useRef(shown);
  current.current = shown;

  const zoom = useCallback((by: number, around?: Finger) => {
    const { drawing, window } = known.current;
    setView(
      zoomed(current.current, by, around ?? { x: window.width / 2, y: window.height / 2 }, drawing, window),
    );
  }, []);
  const fit = useCallback(() => setView(fitted(known.current.drawing, known.current.window)), []);
  const bring = useCallback((target: { x: number; y: number; width: number; height: number }) => {
    setView(brought(current.current, target, known.current.window));
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const onWheel = (event: WheelEvent) => {
      // Without Ctrl, it turns the page. A pinch on a trackpad comes with it.
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const { left, top } = element.getBoundingClientRect();
      zoom(Math.exp(-event.deltaY * 0.0025), { x: event.clientX - left, y: event.clientY - top });
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [zoom]);

  const onPointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return;
    if (fingers.current.size === 0) dragged.current = 0;
    fingers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };
  const onPointerMove = (event: PointerEvent) => {
    const before = fingers.current.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...fingers.current].find(([id]) => id !== event.pointerId)?.[1];
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    dragged.current += Math.hypot(dx, dy);
    if (dragged.current < SHAKE) return;
    box.current?.setPointerCapture(event.pointerId);
    fingers.current.set(event.pointerId, now);
    const { drawing, window } = known.current;
    if (!other) return setView(moved(current.current, dx, dy, drawing, window));
    const distance = (finger: Finger) => Math.max(1, Math.hypot(finger.x - other.x, finger.y - other.y));
    const { left = 0, top = 0 } = box.current?.getBoundingClientRect() ?? {};
    const middle = { x: (now.x + other.x) / 2 - left, y: (now.y + other.y) / 2 - top };
    zoom(distance(now) / distance(before), middle);
  };
  const onPointerUp = (event: PointerEvent) => {
    fingers.current.delete(event.pointerId);
  };
  return {
    box,
    view: shown,
    ready: window.width > 0,
    zoom,
    fit,
    bring,
    /** Whether what was pressed was drawn away: then it is no click. */
    wasDragged: () => dragged.current >= SHAKE,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp },
  };
}
