import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** What ends so near below what is seen ends here. */
const NEAR = 120;

/**
 * The end of a conversation. It opens there, and stays there while its turns find their heights, until somebody scrolls
 * or asks. Says whether the end is below what is seen; blank space after it is no part of it.
 */
export function useEnd(
  scroller: RefObject<HTMLElement | null>,
  rows: RefObject<HTMLElement | null>,
  session: string,
) {
  const end = useRef<HTMLDivElement>(null);
  const [below, setBelow] = useState(false);
  const held = useRef(true);
  const put = useRef(0);
  const letGo = useCallback(() => {
    held.current = false;
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each conversation opens at its end
  useLayoutEffect(() => {
    const [box, content] = [scroller.current, rows.current];
    if (!box || !content) return;
    held.current = content.childElementCount > 1;
    const settle = () => {
      if (held.current) {
        box.scrollTop = box.scrollHeight;
        put.current = box.scrollTop;
      }
      const rest = (end.current?.getBoundingClientRect().top ?? 0) - box.getBoundingClientRect().bottom;
      setBelow(rest > NEAR);
    };
    const onScroll = () => {
      // Not by us: by a hand, a key, or the browser's find.
      if (Math.abs(box.scrollTop - put.current) > 1) held.current = false;
      settle();
    };
    settle();
    const observer = new ResizeObserver(settle);
    observer.observe(content);
    observer.observe(box);
    box.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      observer.disconnect();
      box.removeEventListener("scroll", onScroll);
    };
  }, [session]);

  // Whoever reads along an answer is not moved by it.
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"] as const)
      box.addEventListener(kind, letGo, { passive: true });
    // To the very end: what comes into sight on the way there finds its height only then.
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.matches("input, textarea");
      if (event.key !== "End" || event.shiftKey || typing) return;
      event.preventDefault();
      held.current = true;
      box.scrollTop = box.scrollHeight;
      put.current = box.scrollTop;
    };
    box.addEventListener("keydown", onKey);
    return () => {
      box.removeEventListener("keydown", onKey);
      for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"] as const)
        box.removeEventListener(kind, letGo);
    };
  }, [scroller, letGo]);

  return { end, below, letGo };
}
