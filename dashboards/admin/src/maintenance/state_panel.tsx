import { ago, Badge, Button, Countdown, clock, cx, Panel } from "@medai/ui";
import { CircleAlert, CircleCheck, TriangleAlert } from "lucide-react";
import { featureName } from "../parts/names.ts";
import type { Left, Maintenance, StateView } from "./maintenance.ts";
import { SOURCES } from "./words.ts";

const HEADLINES = {
  none: { text: "The platform is open", Icon: CircleCheck, ink: "text-accent" },
  soft: { text: "The platform is in soft maintenance", Icon: TriangleAlert, ink: "text-warn" },
  hard: { text: "Students are locked out", Icon: CircleAlert, ink: "text-danger" },
};

/** What is closed now, by whom and why. */
export function StatePanel({ view, onLeave }: { view: Maintenance; onLeave?: (what: Left) => void }) {
  const { level, states } = view;
  const { text, Icon, ink } = HEADLINES[level];
  const platform = states.filter(({ feature }) => feature == null);
  const features = states.filter(({ feature }) => feature != null);
  return (
    <Panel>
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="flex items-start gap-2.5 text-xl">
            <Icon size={20} aria-hidden className={cx("mt-0.5 shrink-0", ink)} />
            {text}
          </h2>
          <p className="mt-1 max-w-[70ch] text-muted">
            {level === "none"
              ? features.length === 0
                ? "Nothing is closed. Students have all features that are switched on."
                : "Some features are closed; the others work as usual."
              : `Students read: “${view.message}”`}
          </p>
          {view.estimated_restoration && level !== "none" && (
            <p className="mt-1 text-muted">
              Estimated restoration {clock(view.estimated_restoration)}, in{" "}
              <Countdown to={view.estimated_restoration} />.
            </p>
          )}
        </div>
        {onLeave && states.length > 1 && (
          <Button onClick={() => onLeave("everything")}>Open everything</Button>
        )}
      </div>
      {states.length > 0 && (
        <ul aria-label="What is closed" className="mt-4 border-line border-t">
          {[...platform, ...features].map((state) => (
            <Closed
              key={`${state.feature}${state.source}`}
              state={state}
              {...(onLeave && {
                onLeave: () => onLeave(state.feature ? { feature: state.feature } : "platform"),
              })}
            />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Closed({ state, onLeave }: { state: StateView; onLeave?: () => void }) {
  const name = state.feature ? featureName(state.feature) : "The platform";
  return (
    <li className="flex flex-wrap items-start justify-between gap-x-6 gap-y-2 border-line border-b py-3 last:border-b-0 last:pb-0">
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="font-medium">{name}</span>
          <Badge tone={state.level === "hard" ? "bad" : "warn"}>
            {state.level === "hard" ? "Hard" : "Soft"}
          </Badge>
          <span className="text-faint text-sm">
            closed {SOURCES[state.source]}
            {state.set_by_email && `, ${state.set_by_email},`} {ago(state.since)}
          </span>
        </p>
        <p className="text-muted [overflow-wrap:anywhere]">{state.reason}</p>
        {(state.message || state.estimated_restoration) && (
          <p className="text-faint text-sm [overflow-wrap:anywhere]">
            {state.message && `Students read: “${state.message}” `}
            {state.estimated_restoration && `Back at about ${clock(state.estimated_restoration)}.`}
          </p>
        )}
      </div>
      {onLeave && (
        <Button size="sm" aria-label={`Open ${name}`} onClick={onLeave}>
          Open
        </Button>
      )}
    </li>
  );
}
