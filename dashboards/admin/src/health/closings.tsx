import { Badge, Panel } from "@medai/ui";
import { exact } from "../parts/figures.ts";
import { className, featureName, providerName } from "../parts/names.ts";
import type { Closing, ClosingCall } from "./health.ts";

const SOURCES = { call: "a question", probe: "a test", admin: "an admin" };

/** What the platform closed by itself, and the calls that led to it. */
export function Closings({ closings }: { closings: Closing[] }) {
  if (closings.length === 0) return null;
  return (
    <Panel
      title="Closed by itself"
      aside="a feature closes when all of its keys are shown to be away or spent"
    >
      <ul aria-label="What was closed by itself" className="-my-3">
        {closings.map((closing) => (
          <li
            key={`${closing.since}${closing.feature}`}
            className="border-line border-b py-3 last:border-b-0"
          >
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-medium">
                {closing.feature ? featureName(closing.feature) : "The whole platform"}
              </span>
              <Badge tone={closing.ended_at ? "neutral" : "bad"}>
                {closing.ended_at ? "Open again" : "Closed"}
              </Badge>
              <span className="text-muted text-sm">
                <time dateTime={closing.since}>{exact(closing.since)}</time>
                {closing.ended_at && (
                  <>
                    {" to "}
                    <time dateTime={closing.ended_at}>{exact(closing.ended_at)}</time>
                  </>
                )}
              </span>
            </p>
            <p className="mt-1 text-muted text-sm">{closing.reason}</p>
            {closing.evidence.length > 0 && (
              <details className="mt-1 text-sm">
                <summary className="w-fit cursor-pointer py-1 text-faint hover:text-ink">
                  {closing.evidence.length === 1 ? "The call" : `The ${closing.evidence.length} calls`} that
                  led to it
                </summary>
                <ul className="mt-1 flex flex-col gap-1.5">
                  {closing.evidence.map((call) => (
                    <Call key={`${call.at}${call.key}`} call={call} />
                  ))}
                </ul>
              </details>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Call({ call }: { call: ClosingCall }) {
  return (
    <li className="text-muted [overflow-wrap:anywhere]">
      <time dateTime={call.at} className="text-faint tabular-nums">
        {exact(call.at)}
      </time>{" "}
      {providerName(call.provider)}{" "}
      <code className="font-mono">{call.last_four ? `…${call.last_four}` : "none"}</code>
      {", "}
      {call.class && className(call.class)}
      {call.http_status != null && ` (HTTP ${call.http_status})`}
      {", met by "}
      {SOURCES[call.source]}
      {call.reason && <span className="block text-faint">{call.reason}</span>}
      {call.rests_until && (
        <span className="block text-faint">
          paused until <time dateTime={call.rests_until}>{exact(call.rests_until)}</time>
        </span>
      )}
    </li>
  );
}
