import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { type ReactNode, useSyncExternalStore } from "react";
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
  return display ? <Displayed>{shown}</Displayed> : <span dir="ltr">{shown}</span>;
}

/** A block of its own, that scrolls where it is too wide. */
function Displayed({ children }: { children: ReactNode }) {
  const scrolling = useScrolls<HTMLSpanElement>();
  return (
    <span className="formula" dir="ltr" {...scrolling}>
      {children}
    </span>
  );
}
