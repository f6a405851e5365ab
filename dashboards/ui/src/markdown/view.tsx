/** Elements of what was parsed. */
import { t } from "@lingui/core/macro";
import type { Element, Root } from "hast";
import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { memo, type ReactNode } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import { CiteMarker } from "./cite_marker.tsx";
import { CodeBlock } from "./code_block.tsx";
import { FootNote, FootRef } from "./foot_note.tsx";
import { Formula } from "./formula.tsx";
import { Kept } from "./kept.ts";
import type { Parts } from "./parts.ts";
import { safely } from "./safely.ts";
import { Sideways } from "./sideways.tsx";

const components = {
  a: ({ href, children }: { href?: string; children?: ReactNode }) =>
    href ? (
      <a href={href} target="_blank" rel="noreferrer noopener">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
  table: ({ dir, children }: { dir?: string; children?: ReactNode }) => (
    <Sideways label={t`Table`}>
      <table dir={dir}>{children}</table>
    </Sideways>
  ),
  input: ({ checked }: { checked?: boolean }) => (
    <input type="checkbox" checked={checked} disabled aria-label={t`Done`} />
  ),
  // The empty corner of a table heads nothing.
  th: ({ children, node: _, ...rest }: { children?: ReactNode; node?: unknown }) =>
    children ? (
      <th scope="col" {...rest}>
        {children}
      </th>
    ) : (
      <td />
    ),
  "code-block": CodeBlock,
  "tex-formula": Formula,
  "cite-marker": CiteMarker,
  "foot-ref": FootRef,
  "foot-note": FootNote,
  "foot-begin": ({ children }: { children?: ReactNode }) => <span>{children}</span>,
};

/** Elements of a tree, with ours among them. */
const elementsOf = (tree: Root): ReactNode =>
  // Our own elements are none that the library's types know.
  toJsxRuntime(tree, { Fragment, jsx, jsxs, components: components as object, ignoreInvalidStyle: true });

/** What was shown once is not parsed again when it is scrolled back to. */
const wholes = new Kept<ReactNode>();
const shownOf = (text: string) => elementsOf(safely(text));

export function Whole({ text, keep }: { text: string; keep: boolean }) {
  return keep ? wholes.get(text, shownOf) : shownOf(text);
}

/** A long list or table: of what was parsed in parts, one is made. */
export function Parted({ of, texts }: Parts) {
  const [first = "", ...rest] = texts.map((text) => [text, onlyOf(text, of)] as const);
  const [, whole] = first || [];
  // What looked like one list, and is none.
  if (!whole || rest.some(([, part]) => part?.tagName !== whole.tagName))
    return <Whole text={joined(of, texts)} keep={false} />;
  const parts = texts.map((text, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: their place is their identity
    <Part key={at} text={text} of={of} />
  ));
  const { dir } = whole.properties as { dir?: string };
  if (of === "list") return whole.tagName === "ol" ? <ol dir={dir}>{parts}</ol> : <ul dir={dir}>{parts}</ul>;
  const head = whole.children.filter((child) => child.type === "element" && child.tagName === "thead");
  return (
    <Sideways label={t`Table`}>
      <table dir={dir}>
        {elementsOf({ type: "root", children: head })}
        <tbody>{parts}</tbody>
      </table>
    </Sideways>
  );
}

const Part = memo(function Part({ text, of }: { text: string; of: Parts["of"] }) {
  const only = onlyOf(text, of);
  const rows = (node: Element) =>
    of === "list"
      ? node.children
      : node.children.flatMap((child) =>
          child.type === "element" && child.tagName === "tbody" ? child.children : [],
        );
  return only ? elementsOf({ type: "root", children: rows(only) }) : null;
});

const parsed = new Kept<Root>();

/** The only element that a text makes, if it is a list or table. */
function onlyOf(text: string, of: Parts["of"]): Element | undefined {
  const all = parsed.get(text, safely).children.filter((child) => child.type === "element");
  const [only] = all;
  const names = of === "list" ? ["ul", "ol"] : ["table"];
  return all.length === 1 && only && names.includes(only.tagName) ? only : undefined;
}

/** Parts of a table bring its head along. */
function joined(of: Parts["of"], texts: string[]): string {
  if (of === "list") return texts.join("");
  return texts
    .map((text, at) =>
      at === 0
        ? text
        : text
            .split(/(?<=\n)/)
            .slice(2)
            .join(""),
    )
    .join("");
}
