import { t } from "@lingui/core/macro";
import { createContext, type KeyboardEvent, useContext } from "react";

interface Cites {
  cited: ReadonlySet<number>;
  onCite: ((n: number) => void) | undefined;
}

export const CiteContext = createContext<Cites>({ cited: new Set(), onCite: undefined });

/** The markers of a place. Those that cite nothing stay as they were written. */
export function CiteMarker({ numbers, written }: { numbers: string; written: string }) {
  const { cited, onCite } = useContext(CiteContext);
  const all = numbers.split(",").map(Number);
  if (!onCite || !all.some((n) => cited.has(n))) return `\u00a0${written}`;
  return all.map((n) => (cited.has(n) ? <Marker key={n} n={n} onCite={onCite} /> : `\u00a0[${n}]`));
}

/** Part of the line: browsers may begin a new one before and after a real button, whatever stands around it. */
function Marker({ n, onCite }: { n: number; onCite: (n: number) => void }) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onCite(n);
  };
  return (
    <>
      {"\u2060"}
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      <span
        role="button"
        tabIndex={0}
        className="cite"
        aria-label={t`Source ${n}`}
        onClick={() => onCite(n)}
        onKeyDown={onKeyDown}
      >
        {n}
      </span>
    </>
  );
}
