import { Badge, Panel, type Tone } from "@medai/ui";
import type { LiveEvent } from "../live/types.ts";
import { exact } from "../parts/figures.ts";
import { className, featureName, providerName, words } from "../parts/names.ts";
import { Ticked } from "../parts/ticked.tsx";

const TONES: Record<string, Tone> = {
  key_failed: "bad",
  key_cooling: "warn",
  key_degraded: "bad",
  key_recovered: "good",
  key_set: "neutral",
  failover: "neutral",
};

const LABELS: Record<string, string> = {
  key_failed: "Failed",
  key_cooling: "Cooling",
  key_degraded: "Degraded",
  key_recovered: "Recovered",
  key_set: "Set by an admin",
  failover: "Failover",
};

/** What happened lately, the latest first. */
export function Recent({ events, className: place }: { events: LiveEvent[]; className?: string }) {
  return (
    <Panel title="Activity" {...(place && { className: place })}>
      {events.length === 0 ? (
        <p className="text-faint text-sm">Nothing lately.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and not everybody has a mouse
        <section aria-label="Activity" tabIndex={0} className="scrolls -mx-1 max-h-80 overflow-y-auto px-1">
          <ol className="divide-y divide-line text-sm">
            {events.map((event) => (
              <li key={`${event.at} ${event.kind} ${event.key_masked}`} className="py-2">
                <p className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-2 gap-y-0.5 sm:grid-cols-[auto_minmax(0,1fr)_auto]">
                  <Badge tone={TONES[event.kind] ?? "neutral"}>
                    {LABELS[event.kind] ?? words(event.kind)}
                  </Badge>
                  <span className="min-w-0 text-muted max-sm:order-last max-sm:col-span-full">
                    {event.provider && providerName(event.provider)}{" "}
                    {event.key_masked && <span className="font-mono">{event.key_masked}</span>}
                    {event.feature && ` · ${featureName(event.feature)}`}
                    {event.class && ` · ${className(event.class)}`}
                  </span>
                  <time dateTime={event.at} className="justify-self-end text-faint tabular-nums">
                    {exact(event.at)}
                  </time>
                </p>
                <p className="mt-0.5 [overflow-wrap:anywhere]">
                  <Ticked text={event.message} />
                </p>
              </li>
            ))}
          </ol>
        </section>
      )}
    </Panel>
  );
}
