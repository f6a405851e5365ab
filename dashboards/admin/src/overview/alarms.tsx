import { ago, cx, useNow } from "@medai/ui";
import { useRouter } from "@tanstack/react-router";
import { ChevronRight, CircleAlert, CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";
import type { LiveAlarm } from "../live/types.ts";
import { exact } from "../parts/figures.ts";
import { Ticked } from "../parts/ticked.tsx";

/** What needs a human now, the most urgent first; or that nothing does, where that is known. */
export function Alarms({
  alarms,
  unknown,
  at,
}: {
  alarms: LiveAlarm[];
  unknown: boolean;
  at: string | undefined;
}) {
  if (unknown && alarms.length === 0)
    return (
      <section aria-label="What needs you" className="rounded-lg border border-line bg-sunken px-4 py-3">
        <p role="status" className="flex items-center gap-2.5 text-muted">
          <CircleHelp size={18} aria-hidden className="shrink-0" />
          Not known: no live figures arrive.{at && ` At ${exact(at)} nothing needed you.`}
        </p>
      </section>
    );
  if (alarms.length === 0)
    return (
      <section
        aria-label="What needs you"
        className="rounded-lg border border-accent/30 bg-accent-soft px-4 py-3"
      >
        <p className="flex items-center gap-2.5">
          <CircleCheck size={18} aria-hidden className="shrink-0 text-accent" />
          Nothing needs you now.
        </p>
      </section>
    );
  return (
    <section
      aria-label="What needs you"
      className="overflow-hidden rounded-lg border border-line bg-surface shadow-card"
    >
      <ul className="divide-y divide-line">
        {alarms.map((alarm) => (
          <li key={`${alarm.kind} ${alarm.subject}`}>
            <Alarm alarm={alarm} />
          </li>
        ))}
      </ul>
      {/* Read out when one comes or goes, and not each second. */}
      <p role="status" className="sr-only">
        {alarms.length === 1 ? "One thing needs you." : `${alarms.length} things need you.`}
      </p>
      {unknown && (
        <p className="border-line border-t px-4 py-2 text-muted text-sm">
          No live figures arrive: this was so {at ? `at ${exact(at)}` : "when they last did"}.
        </p>
      )}
    </section>
  );
}

function Alarm({ alarm }: { alarm: LiveAlarm }) {
  const { history } = useRouter();
  const now = useNow(15_000);
  const critical = alarm.severity === "critical";
  const Icon = critical ? CircleAlert : TriangleAlert;
  return (
    <a
      href={alarm.path}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
        event.preventDefault();
        history.push(alarm.path);
      }}
      className={cx(
        "flex items-start gap-3 border-s-4 px-4 py-3",
        critical
          ? "border-danger bg-danger-soft hover:bg-danger-soft/60"
          : "border-warn bg-warn-soft hover:bg-warn-soft/60",
      )}
    >
      <Icon size={18} aria-hidden className={cx("mt-0.5 shrink-0", critical ? "text-danger" : "text-warn")} />
      <span className="min-w-0 flex-1 sm:flex sm:gap-3">
        <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          <span className="sr-only">{critical ? "Critical: " : "Warning: "}</span>
          <Ticked text={alarm.message} />
        </span>
        {alarm.since && (
          <time dateTime={alarm.since} className="block shrink-0 text-muted text-sm">
            {ago(alarm.since, now)}
          </time>
        )}
      </span>
      <ChevronRight size={18} aria-hidden className="mt-0.5 shrink-0 text-muted" />
    </a>
  );
}
