import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, cx, keep, kept, number } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import { type DeckNode, isWaiting, treeOf } from "./deck_tree.ts";
import type { Deck } from "./types.ts";

const KEY = "medai-decks-closed";

/** Which decks are folded, on this device. */
function useClosed(): [ReadonlySet<string>, (title: string) => void] {
  const [closed, setClosed] = useState<ReadonlySet<string>>(() => {
    try {
      const titles: unknown = JSON.parse(kept(KEY) ?? "[]");
      return new Set(Array.isArray(titles) ? titles.map(String) : []);
    } catch {
      return new Set();
    }
  });
  const toggle = (title: string) => {
    const next = new Set(closed);
    if (!next.delete(title)) next.add(title);
    setClosed(next);
    keep(KEY, next.size > 0 ? JSON.stringify([...next]) : null);
  };
  return [closed, toggle];
}

/** Decks below decks, with what waits in each. */
export function DeckList({ decks }: { decks: readonly Deck[] }) {
  const [closed, toggle] = useClosed();
  return <Level nodes={treeOf(decks)} depth={0} closed={closed} toggle={toggle} />;
}

interface LevelProps {
  nodes: DeckNode[];
  depth: number;
  closed: ReadonlySet<string>;
  toggle: (title: string) => void;
}

function Level({ nodes, depth, closed, toggle }: LevelProps) {
  return (
    <ul aria-label={depth === 0 ? t`Your decks` : undefined} className={cx(depth > 0 && "ps-4 sm:ps-6")}>
      {nodes.map((node) => {
        const open = !closed.has(node.title);
        return (
          <li key={node.title} className={cx(depth === 0 && "border-line border-t first:border-t-0")}>
            <Row node={node} open={open} onToggle={() => toggle(node.title)} />
            {open && node.children.length > 0 && (
              <Level nodes={node.children} depth={depth + 1} closed={closed} toggle={toggle} />
            )}
          </li>
        );
      })}
    </ul>
  );
}

function Row({ node, open, onToggle }: { node: DeckNode; open: boolean; onToggle: () => void }) {
  const { deck, name, counts, children } = node;
  return (
    <div className="flex min-h-12 items-center gap-1.5 py-1">
      {children.length > 0 ? (
        <button
          type="button"
          aria-expanded={open}
          aria-label={t`Decks below ${name}`}
          className="hit -ms-2 grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken"
          onClick={onToggle}
        >
          <ChevronDown size={17} className={open ? "" : "-rotate-90 rtl:rotate-90"} />
        </button>
      ) : (
        <span className="w-6 shrink-0" />
      )}
      <div className="min-w-0 flex-1">
        {deck ? (
          <Link
            to="/study/decks/$id"
            params={{ id: deck.id }}
            className="block font-medium [overflow-wrap:anywhere] hover:underline hover:underline-offset-4"
          >
            <bdi>{name}</bdi>
          </Link>
        ) : (
          <p className="text-muted [overflow-wrap:anywhere]">
            <bdi>{name}</bdi>
          </p>
        )}
        <p className="figures text-faint text-sm">
          <Trans>
            {number(counts.due)} due · {number(counts.learning)} in learning · {number(counts.new)} new
          </Trans>
        </p>
      </div>
      {deck && isWaiting(node) && (
        <Button asChild size="sm">
          <Link to="/study/review" search={{ deck: deck.id }} aria-label={t`Study ${name}`}>
            <Trans>Study</Trans>
          </Link>
        </Button>
      )}
    </div>
  );
}
