import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { type ReactNode, type Ref, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import { Kept } from "./kept.ts";
import { useScrolls } from "./sideways.tsx";

type Typeset = typeof import("./katex.ts").typeset;

let typeset: Typeset | undefined;
let loading: Promise<void> | undefined;
const listeners = new Set<() => void>();

/** Fetches KaTeX, with the first formula. */
export function loadKatex(): Promise<void> {
  loading ??= import("./katex.ts").then(
    (module) => {
      typeset = module.typeset;
      for (const listener of listeners) listener();
    },
    // The next formula tries again.
    () => {
      loading = undefined;
    },
  );
  return loading;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  void loadKatex();
  return () => listeners.delete(listener);
}

const made = { inline: new Kept<ReactNode>(200_000), display: new Kept<ReactNode>(200_000) };

interface Props {
  tex: string;
  display?: boolean;
}

/** A formula. Until KaTeX is there, it shows as it was written. */
export function Formula({ tex, display = false }: Props) {
  const set = useSyncExternalStore(
    subscribe,
    () => typeset,
    () => typeset,
  );
  const shown = set
    ? made[display ? "display" : "inline"].get(tex, () =>
        toJsxRuntime(set(tex, display), { Fragment, jsx, jsxs, ignoreInvalidStyle: true }),
      )
    : tex;
  if (display) return <Displayed>{shown}</Displayed>;
  return tex.length > SHORT ? <Long>{shown}</Long> : <span dir="ltr">{shown}</span>;
}

/** Shorter ones fit even on a phone. */
const SHORT = 30;

/** One in a line becomes a block where a piece of it, such as a fraction, is wider than the line. */
function Long({ children }: { children: ReactNode }) {
  const ref = useRef<HTMLSpanElement>(null);
  const [wide, setWide] = useState(false);
  useEffect(() => {
    const block = ref.current?.closest("p, li, td, th, h1, h2, h3, h4, h5, h6, .prose");
    if (!block) return;
    const observer = new ResizeObserver(() => {
      const pieces = ref.current?.querySelectorAll<HTMLElement>(".base") ?? [];
      setWide([...pieces].some((piece) => piece.offsetWidth > block.clientWidth));
    });
    observer.observe(block);
    return () => observer.disconnect();
  }, []);
  if (wide) return <Displayed inner={ref}>{children}</Displayed>;
  return (
    <span ref={ref} dir="ltr">
      {children}
    </span>
  );
}

/** A block of its own, that scrolls where it is too wide. */
function Displayed({ children, inner }: { children: ReactNode; inner?: Ref<HTMLSpanElement> }) {
  const scrolling = useScrolls<HTMLSpanElement>();
  return (
    <span className="formula" dir="ltr" {...scrolling}>
      {inner ? <span ref={inner}>{children}</span> : children}
    </span>
  );
}
