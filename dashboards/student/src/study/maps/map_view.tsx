import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, cx, Skeleton } from "@medai/ui";
import { ListTree, MessageCircleQuestion, Workflow } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { told as words } from "../../app/api_message.ts";
import type { Graph, MapNode } from "../result_types.ts";
import { both, colourOf } from "./colours.ts";
import { kindsOf, levelsOf, shownOf, treeOf } from "./graph.ts";
import { withKindNames } from "./kinds.ts";
import { type Drawing, drawn, layOut, type Run } from "./layout.ts";
import { MapList } from "./map_list.tsx";
import { MapPicture } from "./map_picture.tsx";

interface Props {
  title: string;
  graph: Graph;
  onAsk: (node: MapNode) => void;
  /** How high the picture is. */
  height: string;
  /** It stands in something that scrolls. */
  within?: boolean;
  /** What stands right below the picture. */
  below?: React.ReactNode;
  /** What else can be done with it, given what is drawn now. */
  actions?: (drawing: Drawing | undefined, kinds: readonly string[]) => React.ReactNode;
}

/** A map: the picture or the list, and what is selected. */
export function MapView({ title, graph: told, onAsk, height, within = false, below, actions }: Props) {
  const graph = useMemo(() => withKindNames(told), [told]);
  const [asList, setAsList] = useState(false);
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [selected, setSelected] = useState<string>();
  const kinds = useMemo(() => kindsOf(graph.nodes), [graph]);
  const levels = useMemo(() => levelsOf(treeOf(graph)), [graph]);
  const shown = useMemo(() => shownOf(graph, open), [graph, open]);
  const [drawing, setDrawing] = useState<Drawing>();
  const [failure, setFailure] = useState<unknown>();
  const room = useRef<HTMLDivElement>(null);
  const run = useRef<Run>(undefined);
  useEffect(() => {
    let over = false;
    const { clientWidth = 3, clientHeight = 2 } = room.current ?? {};
    // Which way it runs stays, whatever is opened.
    const laid = run.current
      ? drawn(shown, run.current)
      : layOut(shown, clientWidth / Math.max(1, clientHeight));
    laid.then(
      (drawing) => {
        if (over) return;
        run.current = drawing.run;
        setDrawing(drawing);
      },
      (error: unknown) => over || setFailure(error),
    );
    return () => {
      over = true;
    };
  }, [shown]);
  const node = graph.nodes.find(({ id }) => id === selected);
  const toggle = (id: string) =>
    setOpen((known) => new Set(known.has(id) ? without(known, id) : [...known, id]));
  // Where it cannot be drawn, it can be read.
  const listed = asList || failure !== undefined;
  return (
    <div className="flex flex-col gap-3">
      {failure !== undefined && <p className="text-sm text-warn">{words(failure)}</p>}
      {listed ? (
        <div className={cx("scrolls overflow-y-auto rounded-lg border border-line bg-surface p-4", height)}>
          <MapList graph={graph} onAsk={onAsk} />
        </div>
      ) : (
        <div ref={room} className={cx("print:h-[24cm]", height)}>
          {drawing ? (
            <MapPicture
              title={title}
              drawing={drawing}
              kinds={kinds}
              levels={levels}
              folded={shown.folded}
              open={open}
              selected={selected}
              onSelect={setSelected}
              onToggle={toggle}
              scrolls={within}
            />
          ) : (
            <Skeleton className="size-full" />
          )}
        </div>
      )}
      {below}
      <div className="flex flex-wrap items-center gap-2 print:hidden">
        <Button
          look="quiet"
          size="sm"
          icon={listed ? <Workflow size={16} aria-hidden /> : <ListTree size={16} aria-hidden />}
          onClick={() => {
            setFailure(undefined);
            setAsList(!listed);
          }}
        >
          {listed ? t`Show as a picture` : t`Show as a list`}
        </Button>
        {actions?.(drawing, kinds)}
      </div>
      {!listed && (
        <>
          <Legend kinds={kinds} />
          <Selected node={node} graph={graph} onAsk={onAsk} />
        </>
      )}
    </div>
  );
}

const without = (all: ReadonlySet<string>, id: string): string[] => [...all].filter((each) => each !== id);

/** Which colour is which kind; the kind stands in each node, too. */
function Legend({ kinds }: { kinds: readonly string[] }) {
  const named = kinds.filter((kind) => kind !== "");
  if (named.length < 2) return null;
  return (
    <ul aria-label={t`Kinds`} className="flex flex-wrap gap-x-4 gap-y-1 text-muted text-sm">
      {named.map((kind) => {
        const { fill, edge } = colourOf(kinds.indexOf(kind));
        return (
          <li key={kind} className="flex items-center gap-1.5">
            <span
              aria-hidden
              className="size-3.5 rounded-sm border"
              style={{ background: both(fill), borderColor: both(edge) }}
            />
            {kind}
          </li>
        );
      })}
    </ul>
  );
}

/** What is known of the node that was chosen. Its place is kept free, so that nothing moves. */
function Selected({
  node,
  graph,
  onAsk,
}: {
  node: MapNode | undefined;
  graph: Graph;
  onAsk: (node: MapNode) => void;
}) {
  const nameOf = (id: string) => graph.nodes.find((each) => each.id === id)?.label ?? "";
  return (
    <div className="min-h-24 rounded-lg bg-sunken px-4 py-3 print:hidden">
      {node ? (
        <>
          <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
            <strong dir="auto" className="font-semibold">
              {node.label}
            </strong>
            <span className="text-faint text-sm">{node.kind}</span>
            <Button
              size="sm"
              className="ms-auto"
              icon={<MessageCircleQuestion size={15} aria-hidden />}
              onClick={() => onAsk(node)}
            >
              <Trans>Ask about this</Trans>
            </Button>
          </p>
          {node.note && (
            <p dir="auto" className="mt-1 text-muted">
              {node.note}
            </p>
          )}
          <ul className="mt-1 text-muted text-sm">
            {graph.edges
              .filter(({ from, to }) => from === node.id || to === node.id)
              .map(({ from, to, verb }) => (
                <li key={`${from} ${to} ${verb}`} dir="auto">
                  {nameOf(from)} <em>{verb}</em> {nameOf(to)}
                </li>
              ))}
          </ul>
        </>
      ) : (
        <p className="text-faint text-sm">
          <Trans>Choose a term to read about it and to ask a question. Arrow keys go along the lines.</Trans>
        </p>
      )}
    </div>
  );
}
