import { type ComponentProps, type KeyboardEvent, memo, useEffect, useMemo, useState } from "react";
import ReactMarkdown, { type Components, type Options } from "react-markdown";
import remarkGfm from "remark-gfm";
import { blocksOf } from "./blocks.ts";
import { citeMarkers, citeOf } from "./cite.ts";
import { formulas, hasFormula } from "./formulas.ts";
import { mend } from "./mend.ts";

export interface Plugins {
  remark: NonNullable<Options["remarkPlugins"]>;
  rehype: NonNullable<Options["rehypePlugins"]>;
}

interface Props {
  text: string;
  /** More of it is on its way. */
  streaming?: boolean;
  /** The numbers that `[n]` may have; others stay text. */
  cited?: ReadonlySet<number>;
  onCite?: (n: number) => void;
}

const NONE: Plugins = { remark: [], rehype: [] };
const NO_CITES: ReadonlySet<number> = new Set();
let loaded: Plugins | undefined;

/** KaTeX, once a text needs it. Until it is there, formulas show as they were written. */
function useMath(needed: boolean): Plugins {
  const [plugins, setPlugins] = useState(loaded ?? NONE);
  useEffect(() => {
    if (!needed || plugins !== NONE) return;
    let gone = false;
    void import("./math.ts").then(({ math }) => {
      loaded = math;
      if (!gone) setPlugins(math);
    });
    return () => {
      gone = true;
    };
  }, [needed, plugins]);
  return needed ? plugins : NONE;
}

/** An answer. Blocks that are whole are rendered once, however long it goes on. */
export function Markdown({ text, streaming = false, cited = NO_CITES, onCite }: Props) {
  const math = useMath(hasFormula(text));
  const blocks = useMemo(() => blocksOf(text), [text]);
  return (
    <div className={streaming ? "prose writing" : "prose"}>
      {blocks.map((block, at) => (
        <Block
          // Blocks only ever grow at the end.
          // biome-ignore lint/suspicious/noArrayIndexKey: their place is their identity
          key={at}
          text={streaming && at === blocks.length - 1 ? mend(block) : block}
          math={math}
          cited={cited}
          onCite={onCite}
        />
      ))}
    </div>
  );
}

interface BlockProps {
  text: string;
  math: Plugins;
  cited: ReadonlySet<number>;
  onCite: ((n: number) => void) | undefined;
}

const Block = memo(function Block({ text, math, cited, onCite }: BlockProps) {
  const components = useMemo(() => elements(cited, onCite), [cited, onCite]);
  return (
    <ReactMarkdown
      remarkPlugins={[remarkGfm, ...math.remark, citeMarkers]}
      rehypePlugins={math.rehype}
      components={components}
    >
      {math === NONE ? text : formulas(text)}
    </ReactMarkdown>
  );
});

function elements(cited: ReadonlySet<number>, onCite: ((n: number) => void) | undefined): Components {
  return {
    a: ({ href, children }) => {
      const n = citeOf(href);
      if (n === undefined) return <Outward href={href}>{children}</Outward>;
      if (!cited.has(n) || !onCite) return `\u00a0[${n}]`;
      return <Marker n={n} onCite={onCite} />;
    },
    // Nothing is loaded from other hosts.
    img: ({ src, alt }) =>
      typeof src === "string" ? <Outward href={src}>{alt || "image"}</Outward> : <>{alt}</>,
    table: ({ children }) => (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      <section className="sideways" aria-label="Table" tabIndex={0}>
        <table>{children}</table>
      </section>
    ),
    input: ({ checked }) => <input type="checkbox" checked={checked} disabled aria-label="Done" />,
    // The empty corner of a table heads nothing.
    th: ({ children }) => (children ? <th scope="col">{children}</th> : <td />),
    pre: ({ children }) => (
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      <pre tabIndex={0}>{children}</pre>
    ),
  };
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
        aria-label={`Source ${n}`}
        onClick={() => onCite(n)}
        onKeyDown={onKeyDown}
      >
        {n}
      </span>
    </>
  );
}

function Outward(props: ComponentProps<"a">) {
  return <a {...props} target="_blank" rel="noreferrer noopener" />;
}
