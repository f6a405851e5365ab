import { LinkLook, number, Panel } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import type { Live } from "../live/types.ts";

const STATES = [
  { state: "active", label: "Active", tone: "bg-accent" },
  { state: "cooling", label: "Cooling", tone: "bg-warn" },
  { state: "degraded", label: "Degraded", tone: "bg-danger" },
  { state: "disabled", label: "Disabled", tone: "bg-edge" },
] as const;

/** The pool by state. */
export function Keys({ keys }: { keys: Live["keys"] }) {
  const all = STATES.reduce((sum, { state }) => sum + keys[state], 0);
  return (
    <Panel
      title="Keys"
      aside={
        <Link to="/keys" className={LinkLook}>
          All keys
        </Link>
      }
    >
      <div aria-hidden className="flex h-2.5 gap-0.5 overflow-hidden rounded-full bg-sunken">
        {STATES.map(
          ({ state, tone }) =>
            keys[state] > 0 && <span key={state} className={tone} style={{ flexGrow: keys[state] }} />,
        )}
      </div>
      <dl className="mt-3 grid grid-cols-2 gap-x-6 gap-y-1.5 text-sm">
        {STATES.map(({ state, label, tone }) => (
          <div key={state} className="flex items-center justify-between gap-2">
            <dt className="inline-flex items-center gap-2 text-muted">
              <span aria-hidden className={`size-2.5 rounded-[2px] ${tone}`} />
              {label}
            </dt>
            <dd className="tabular-nums">{number(keys[state])}</dd>
          </div>
        ))}
      </dl>
      {all === 0 && <p className="mt-2 text-danger text-sm">There are no keys: nothing can be answered.</p>}
    </Panel>
  );
}
