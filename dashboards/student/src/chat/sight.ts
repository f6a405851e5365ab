import { type RefObject, useEffect, useState } from "react";
import { flushSync } from "react-dom";
import { Line, whenIdle } from "./line.ts";

/** What is this far outside of what is seen counts as near. */
const MARGIN = "100%";

/** Who is in sight, and who waits to be written out. */
export class Sight {
  readonly line = new Line(whenIdle);
  #observer: IntersectionObserver | undefined;
  #listeners = new Map<Element, (near: boolean) => void>();
  readonly #root: RefObject<HTMLElement | null>;

  constructor(root: RefObject<HTMLElement | null>) {
    this.#root = root;
  }

  /** Says whenever an element comes near, or leaves. Returns how to stop that. */
  watch(element: Element, listener: (near: boolean) => void): () => void {
    this.#observer ??= new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) this.#listeners.get(target)?.(isIntersecting);
      },
      { root: this.#root.current, rootMargin: MARGIN },
    );
    this.#listeners.set(element, listener);
    this.#observer.observe(element);
    return () => {
      this.#listeners.delete(element);
      this.#observer?.unobserve(element);
    };
  }
}

export function useSight(root: RefObject<HTMLElement | null>): Sight {
  const [sight] = useState(() => new Sight(root));
  // Paper shows everything.
  useEffect(() => {
    const onPrint = () => {
      // What comes into the page by this has to be written out too.
      while (sight.line.waits) flushSync(() => sight.line.flush());
    };
    window.addEventListener("beforeprint", onPrint);
    return () => window.removeEventListener("beforeprint", onPrint);
  }, [sight]);
  return sight;
}
