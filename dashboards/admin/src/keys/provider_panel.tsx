import { number, Panel, say } from "@medai/ui";
import { useMay } from "../app/may.ts";
import { providerName } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { KeyRow } from "./key_row.tsx";
import { type Suggestion, useReorder } from "./keys.ts";
import type { Open } from "./keys_page.tsx";
import { type Lane, nameOf, type ProviderPool, places } from "./pool.ts";
import { reorder } from "./reorder.ts";
import { Sortable } from "./sortable.tsx";

const TITLES: Record<Lane["kind"], string> = {
  serving: "In use, from the top",
  reserve: "Only when nothing else is left",
  out: "Not used",
};

/** A provider's keys. */
export function ProviderPanel({
  pool,
  onOpen,
  onSuggestion,
}: {
  pool: ProviderPool;
  onOpen: (open: Open) => void;
  onSuggestion: (suggestion: Suggestion) => void;
}) {
  const count = pool.lanes.reduce((sum, lane) => sum + lane.keys.length, 0);
  return (
    <Panel
      title={providerName(pool.provider)}
      aside={
        pool.provider === "demo"
          ? "serves only while the pool has no other key"
          : `${number(count)} ${count === 1 ? "key" : "keys"}`
      }
    >
      <div className="-mx-4 -mb-4 @container flex flex-col gap-4 overflow-hidden rounded-b-lg sm:-mx-5 sm:-mb-5">
        {pool.lanes.map((lane) => (
          <LaneList key={lane.kind} pool={pool} lane={lane} onOpen={onOpen} onSuggestion={onSuggestion} />
        ))}
      </div>
    </Panel>
  );
}

function LaneList({
  pool,
  lane,
  onOpen,
  onSuggestion,
}: {
  pool: ProviderPool;
  lane: Lane;
  onOpen: (open: Open) => void;
  onSuggestion: (suggestion: Suggestion) => void;
}) {
  const manages = useMay()("ManageKeys");
  const order = useReorder();
  const at = places(lane.keys);
  const find = (id: string) => lane.keys.find((key) => key.id === id);
  const name = (id: string) => {
    const key = find(id);
    return key ? nameOf(key) : "the key";
  };
  const move = (id: string, to: number) => {
    const changes = reorder(lane.keys, id, to);
    if (changes.length > 0)
      order.mutate(changes, { onSuccess: () => say(`${name(id)} is at place ${to + 1}.`) });
  };
  const inOrder = lane.kind !== "out";
  return (
    <section className="group" aria-label={`${providerName(pool.provider)}: ${TITLES[lane.kind]}`}>
      <h3 className="px-4 pb-1.5 font-sans! font-medium! text-faint text-xs tracking-normal! sm:px-5">
        {TITLES[lane.kind]}
      </h3>
      {order.error && (
        <div className="px-4 pb-3 sm:px-5">
          <Refused error={order.error} />
        </div>
      )}
      <div className="border-line border-y group-last:border-b-0">
        <Sortable
          ids={lane.keys.map((key) => key.id)}
          nameOf={name}
          onMove={move}
          enabled={manages && inOrder}
          label={TITLES[lane.kind]}
        >
          {(id, handle) => {
            const key = find(id);
            if (!key) return null;
            const index = lane.keys.indexOf(key);
            const place = at[index];
            return (
              <KeyRow
                view={key}
                handle={handle}
                place={inOrder ? place : undefined}
                takesTurns={inOrder && at.filter((each) => each === place).length > 1}
                onUp={inOrder && index > 0 ? () => move(id, index - 1) : undefined}
                onDown={inOrder && index < lane.keys.length - 1 ? () => move(id, index + 1) : undefined}
                onOpen={(what) => onOpen({ what, key })}
                onSuggestion={onSuggestion}
              />
            );
          }}
        </Sortable>
      </div>
    </section>
  );
}
