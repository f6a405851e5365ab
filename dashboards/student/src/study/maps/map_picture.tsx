import { plural, t } from "@lingui/core/macro";
import { IconButton, number } from "@medai/ui";
import { Maximize, ZoomIn, ZoomOut } from "lucide-react";
import { type KeyboardEvent, useId, useRef } from "react";
import type { MapEdge, MapNode } from "../result_types.ts";
import { both, colourOf } from "./colours.ts";
import { type Arrow, nextOf } from "./graph.ts";
import { type Box, type Drawing, FONT, LINE_HEIGHT, type Line, SMALL } from "./layout.ts";
import { usePanZoom } from "./pan_zoom.ts";
import { firstLine } from "./svg_text.ts";

interface Props {
  title: string;
  drawing: Drawing;
  kinds: readonly string[];
  levels: ReadonlyMap<string, number>;
  /** How many nodes are folded into each branch, and which branches are open. */
  folded: ReadonlyMap<string, number>;
  open: ReadonlySet<string>;
  selected: string | undefined;
  onSelect: (id: string) => void;
  onToggle: (id: string) => void;
  /** A finger that moves up or down scrolls the page, and not the map. */
  scrolls: boolean;
}

const ARROWS: readonly string[] = [
  "ArrowRight",
  "ArrowLeft",
  "ArrowUp",
  "ArrowDown",
  "Home",
  "End",
] satisfies Arrow[];
const STEP = 1.3;

/** The map as a picture: its nodes are a tree to screen readers and to the keyboard. */
export function MapPicture(props: Props) {
  const { title, drawing, kinds, levels, folded, open, selected, onSelect, onToggle, scrolls } = props;
  const tip = useId();
  const nodes = useRef(new Map<string, SVGGElement>());
  const { box, view, ready, zoom, fit, bring, wasDragged, handlers } = usePanZoom(drawing);
  const { boxes, lines } = drawing;
  const active = boxes.some(({ node }) => node.id === selected) ? selected : boxes[0]?.node.id;
  const edges = lines.map(({ edge }) => edge);
  const onKeyDown = (event: KeyboardEvent, { node }: Box) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS.includes(event.key)) {
      event.preventDefault();
      const placed = boxes.map(({ node, x, y }) => ({ id: node.id, x, y }));
      const next = nextOf(event.key as Arrow, node.id, placed, edges);
      if (next) nodes.current.get(next)?.focus({ preventScroll: true });
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (folded.has(node.id)) onToggle(node.id);
      onSelect(node.id);
    } else if (event.key === "+") zoom(STEP);
    else if (event.key === "-") zoom(1 / STEP);
  };
  return (
    <div className="flex h-full flex-col overflow-hidden rounded-lg border border-line bg-surface" dir="ltr">
      <div
        ref={box}
        className="min-h-0 w-full flex-1 cursor-grab select-none active:cursor-grabbing"
        style={{ touchAction: scrolls ? "pan-y" : "none" }}
        {...handlers}
      >
        {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: its nodes are what can be gone to */}
        <svg role="tree" aria-label={title} className="size-full" style={{ opacity: ready ? 1 : 0 }}>
          <defs>
            <marker
              id={tip}
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerWidth="7"
              markerHeight="7"
              orient="auto"
            >
              <path d="M0 0 L8 4 L0 8 z" className="fill-edge" />
            </marker>
          </defs>
          <g transform={`translate(${view.x} ${view.y}) scale(${view.scale})`}>
            <g aria-hidden>
              {lines.map((line, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: they are drawn anew together
                <EdgeLine key={at} line={line} tip={tip} />
              ))}
            </g>
            {boxes.map((each) => (
              <NodeBox
                key={each.node.id}
                box={each}
                kinds={kinds}
                level={levels.get(each.node.id) ?? 1}
                links={edges.filter(({ from }) => from === each.node.id)}
                nameOf={(id) => boxes.find(({ node }) => node.id === id)?.node.label ?? ""}
                folded={folded.get(each.node.id) ?? 0}
                isOpen={open.has(each.node.id)}
                selected={each.node.id === selected}
                active={each.node.id === active}
                take={(element) => {
                  if (element) nodes.current.set(each.node.id, element);
                  else nodes.current.delete(each.node.id);
                }}
                onFocus={() => {
                  bring(each);
                  onSelect(each.node.id);
                }}
                onPress={() => {
                  if (wasDragged()) return;
                  if (folded.has(each.node.id)) onToggle(each.node.id);
                  onSelect(each.node.id);
                }}
                onKeyDown={(event) => onKeyDown(event, each)}
              />
            ))}
          </g>
        </svg>
      </div>
      <div className="flex shrink-0 justify-end gap-1 border-line border-t p-1 print:hidden">
        <IconButton
          label={t`Enlarge`}
          tip={false}
          size="sm"
          icon={<ZoomIn size={17} />}
          onClick={() => zoom(STEP)}
        />
        <IconButton
          label={t`Shrink`}
          tip={false}
          size="sm"
          icon={<ZoomOut size={17} />}
          onClick={() => zoom(1 / STEP)}
        />
        <IconButton
          label={t`Show all of it`}
          tip={false}
          size="sm"
          icon={<Maximize size={16} />}
          onClick={fit}
        />
      </div>
    </div>
  );
}

interface NodeProps {
  box: Box;
  kinds: readonly string[];
  level: number;
  links: readonly MapEdge[];
  nameOf: (id: string) => string;
  folded: number;
  isOpen: boolean;
  selected: boolean;
  active: boolean;
  take: (element: SVGGElement | null) => void;
  onFocus: () => void;
  onPress: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

/** What is heard of a node: its name, its kind, and what it leads to. */
function heard(
  node: MapNode,
  links: readonly MapEdge[],
  nameOf: (id: string) => string,
  hidden: number,
): string {
  const parts = [node.label, node.kind, ...links.map(({ verb, to }) => `${verb} ${nameOf(to)}`)];
  if (hidden > 0) parts.push(plural(hidden, { one: "# more is folded in", other: "# more are folded in" }));
  return parts.filter((part) => part.trim() !== "").join("; ");
}

function NodeBox(props: NodeProps) {
  const { box, kinds, level, links, nameOf, folded, isOpen, selected, active } = props;
  const { node, x, y, width, height, lines } = box;
  const { fill, edge } = colourOf(kinds.indexOf(node.kind ?? ""));
  return (
    <g
      ref={props.take}
      role="treeitem"
      tabIndex={active ? 0 : -1}
      aria-level={level}
      aria-selected={selected}
      aria-expanded={folded > 0 ? isOpen : undefined}
      aria-label={heard(node, links, nameOf, isOpen ? 0 : folded)}
      className="group/node cursor-pointer outline-none"
      onFocus={props.onFocus}
      onClick={props.onPress}
      onKeyDown={props.onKeyDown}
    >
      <rect
        x={x - width / 2 - 4}
        y={y - height / 2 - 4}
        width={width + 8}
        height={height + 8}
        rx={11}
        fill="none"
        strokeWidth={2.5}
        className="stroke-transparent group-focus-visible/node:stroke-accent"
      />
      <rect
        x={x - width / 2}
        y={y - height / 2}
        width={width}
        height={height}
        rx={8}
        strokeWidth={selected ? 2.5 : 1.25}
        style={{ fill: both(fill), stroke: both(edge) }}
      />
      {node.kind && (
        <text
          x={x}
          y={y - height / 2 + SMALL + 6}
          textAnchor="middle"
          fontSize={SMALL}
          style={{ fill: both(edge) }}
        >
          {node.kind}
        </text>
      )}
      {lines.map((line, at) => (
        <text
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one label
          key={at}
          x={x}
          y={firstLine(box) + at * LINE_HEIGHT}
          textAnchor="middle"
          fontSize={FONT}
          fontWeight={600}
          className="fill-ink"
        >
          {line}
        </text>
      ))}
      {folded > 0 && (
        <g>
          <circle cx={x + width / 2 - 16} cy={y} r={11} style={{ fill: both(edge) }} />
          <text
            x={x + width / 2 - 16}
            y={y + 4}
            textAnchor="middle"
            fontSize={SMALL}
            fontWeight={600}
            className="fill-surface"
          >
            {isOpen ? "−" : `+${number(folded)}`}
          </text>
        </g>
      )}
    </g>
  );
}

function EdgeLine({ line: { edge, path, label }, tip }: { line: Line; tip: string }) {
  return (
    <>
      <path
        d={path}
        fill="none"
        strokeWidth={1.25}
        strokeDasharray={edge.folded ? "4 4" : undefined}
        markerEnd={`url(#${tip})`}
        className="stroke-edge"
      />
      {label && (
        <>
          <rect
            x={label.x - label.width / 2}
            y={label.y - 8}
            width={label.width}
            height={16}
            rx={3}
            className="fill-surface"
          />
          <text x={label.x} y={label.y + 4} textAnchor="middle" fontSize={SMALL} className="fill-muted">
            {label.text}
          </text>
        </>
      )}
    </>
  );
}
