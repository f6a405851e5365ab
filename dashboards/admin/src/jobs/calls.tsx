import { Badge, number, Panel, Table, Td, Th } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { DayEnd } from "../parts/day_end.tsx";
import { exact, ms } from "../parts/figures.ts";
import { providerName } from "../parts/names.ts";
import { type Call, keyName, outcome, price, tokens, tone } from "./call_words.ts";
import type { JobDetails } from "./jobs.ts";

/** The calls of providers that a question came to, and what it took of the student's day. */
export function CallsPanel({ job }: { job: JobDetails }) {
  if (job.calls.length === 0 && !job.charge) return null;
  return (
    <Panel title="Calls of providers" aside="without what was said">
      {job.calls.length === 0 ? (
        <p className="text-muted text-sm">
          {job.finished_at ? "No key was called." : "No key was called yet; calls show up within seconds."}
        </p>
      ) : (
        <Calls calls={job.calls} />
      )}
      {job.charge && <Charge charge={job.charge} />}
    </Panel>
  );
}

/** Which key was tried, how it came out, and what it took. */
export function Calls({ calls, named }: { calls: Call[]; named?: boolean }) {
  return (
    <Table label="Each call of a provider" className="text-sm">
      <thead>
        <tr>
          <Th>Started</Th>
          <Th>Key</Th>
          <Th>Outcome</Th>
          <Th figures>First token</Th>
          <Th figures>Took</Th>
          <Th figures>Tokens</Th>
          <Th figures>Cost</Th>
        </tr>
      </thead>
      <tbody>
        {calls.map((call) => (
          <tr key={`${call.job}${call.began_at}${call.key?.id}`}>
            <Th scope="row" className="whitespace-nowrap tabular-nums">
              {exact(call.began_at)}
              {named && (
                <Link to="/jobs/$id" params={{ id: call.job }} className="block text-accent hover:underline">
                  job {call.job.slice(-8)}
                </Link>
              )}
            </Th>
            <Td>
              <span className="break-words">{keyName(call)}</span>
              <span className="block text-faint">
                {providerName(call.provider)} · {call.model}
              </span>
            </Td>
            <Td>
              <Badge tone={tone(call.outcome)}>{outcome(call.outcome)}</Badge>
              {(call.code || call.http_status != null) && (
                <span className="ms-1.5 text-muted">
                  {call.code && <code className="font-mono text-xs">{call.code}</code>}
                  {call.http_status != null && ` (${call.http_status})`}
                </span>
              )}
              {call.reason && <span className="block break-words text-faint">{call.reason}</span>}
            </Td>
            <Td figures className="whitespace-nowrap">
              {ms(call.first_token_ms)}
            </Td>
            <Td figures className="whitespace-nowrap">
              {ms(call.duration_ms)}
            </Td>
            <Td figures className="whitespace-nowrap">
              {tokens(call)}
            </Td>
            <Td figures className="whitespace-nowrap">
              {price(call)}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}

const PAYERS = {
  plan: "their plan",
  admin: "nobody: admins have no limit",
  own_key: "their own key",
} as const;

function Charge({ charge }: { charge: NonNullable<JobDetails["charge"]> }) {
  const { state, tokens, payer, abandoned_calls, abandoned_tokens } = charge;
  return (
    <p className="mt-3 text-muted text-sm">
      {state === "released"
        ? "Nothing of it counts: what was promised was given back."
        : `${state === "held" ? "Promised of" : "Counted on"} the student’s day: ${number(tokens)} tokens, paid by ${PAYERS[payer]}.`}{" "}
      {abandoned_calls > 0 &&
        `${number(abandoned_calls)} abandoned ${abandoned_calls === 1 ? "call" : "calls"} with about ${number(abandoned_tokens)} tokens ${abandoned_calls === 1 ? "is" : "are"} the platform’s. `}
      <span className="text-faint">
        The day is {charge.day} in UTC; it <DayEnd at={charge.day_ends_at} zone="UTC" past="ended" />.
      </span>
    </p>
  );
}
