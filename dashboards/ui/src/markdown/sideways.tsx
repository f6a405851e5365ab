import { type ReactNode, useEffect, useRef, useState } from "react";

/** Whether something is wider than its place: then the keyboard must reach it too, to scroll. */
export function useScrolls<E extends HTMLElement>() {
  const ref = useRef<E>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const observer = new ResizeObserver(() => setScrolls(box.scrollWidth > box.clientWidth + 1));
    for (const each of [box, ...box.children]) observer.observe(each);
    return () => observer.disconnect();
  }, []);
  return { ref, tabIndex: scrolls ? 0 : undefined };
}

/** What may be wider than the page, and scrolls then. */
export function Sideways({ label, children }: { label: string; children: ReactNode }) {
  const scrolling = useScrolls<HTMLElement>();
  return (
    <section className="sideways" aria-label={label} {...scrolling}>
      {children}
    </section>
  );
}
