import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { MessageCircleQuestion } from "lucide-react";
import { useMemo } from "react";
import type { Graph, MapNode } from "../result_types.ts";
import { type Branch, treeOf } from "./graph.ts";

/** The same as the picture, as nested lists: all of it, with nothing folded away. */
export function MapList({ graph, onAsk }: { graph: Graph; onAsk: ((node: MapNode) => void) | undefined }) {
  const trees = useMemo(() => treeOf(graph), [graph]);
  return <Branches branches={trees} onAsk={onAsk} label={t`The map as a list`} />;
}

interface Props {
  branches: readonly Branch[];
  onAsk: ((node: MapNode) => void) | undefined;
  label?: string;
}

function Branches({ branches, onAsk, label }: Props) {
  return (
    <ul aria-label={label} className={label ? undefined : "ms-2 border-line border-s ps-4"}>
      {branches.map(({ node, verb, children, also }) => (
        <li key={node.id} className="py-1">
          <span dir="auto">
            {verb && <span className="text-muted italic">{verb} </span>}
            <strong className="font-semibold">{node.label}</strong>
            {node.kind && <span className="text-faint text-sm"> ({node.kind})</span>}
          </span>
          {onAsk && (
            <button
              type="button"
              aria-label={t`Ask about ${node.label}`}
              className="hit ms-1 inline-grid size-7 place-items-center rounded-md align-middle text-faint hover:bg-sunken hover:text-ink print:hidden"
              onClick={() => onAsk(node)}
            >
              <MessageCircleQuestion size={15} aria-hidden />
            </button>
          )}
          {node.note && (
            <p dir="auto" className="text-muted text-sm">
              {node.note}
            </p>
          )}
          {also.length > 0 && (
            <p dir="auto" className="text-muted text-sm">
              <Trans>Also:</Trans> {also.map(({ verb, node }) => `${verb} ${node.label}`).join("; ")}
            </p>
          )}
          {children.length > 0 && <Branches branches={children} onAsk={onAsk} />}
        </li>
      ))}
    </ul>
  );
}
