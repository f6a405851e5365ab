import { Badge, Button, Empty, Panel, Table, Td, Th, type Tone } from "@medai/ui";
import { useState } from "react";
import { exact } from "../parts/figures.ts";
import { className, featureName, providerName } from "../parts/names.ts";
import type { LogEntry } from "./health.ts";
import { happened } from "./matrix.ts";

const FIRST = 12;
const SOURCES = { call: "a question", probe: "a test", admin: "an admin" };
const WORDS: Record<ReturnType<typeof happened>, [Tone, (entry: LogEntry) => string]> = {
  failed: ["warn", () => "Failed"],
  worse: ["bad", ({ to }) => `Now ${to}`],
  better: ["good", ({ to }) => `Now ${to}`],
  changed: ["neutral", () => "Changed"],
};

/** What befell keys lately. */
export function FailureLog({ entries }: { entries: LogEntry[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? entries : entries.slice(0, FIRST);
  return (
    <Panel title="Failures and changes" aside={entries.length > 0 && "the latest first"}>
      {entries.length === 0 ? (
        <Empty title="Nothing failed lately">Failed calls and changes of state of keys are shown here.</Empty>
      ) : (
        <>
          <Table label="Failures and changes of keys">
            <thead>
              <tr>
                <Th className="max-md:hidden">When</Th>
                <Th className="max-md:ps-0!">What</Th>
                <Th className="max-md:hidden">Key</Th>
                <Th>Why</Th>
                <Th className="max-md:hidden">Seen by</Th>
              </tr>
            </thead>
            <tbody>
              {shown.map((entry) => {
                const [tone, word] = WORDS[happened(entry)];
                // What an admin did on purpose is no alarm.
                const shade = entry.source === "admin" ? "neutral" : tone;
                const when = <time dateTime={entry.at}>{exact(entry.at)}</time>;
                return (
                  <tr key={`${entry.at}${entry.key}${entry.to}`}>
                    <Td className="whitespace-nowrap text-muted max-md:hidden">{when}</Td>
                    <Td className="max-md:ps-0!">
                      <Badge tone={shade}>{word(entry)}</Badge>
                      <span className="mt-1 block text-muted text-sm md:hidden">{when}</span>
                    </Td>
                    <Td className="whitespace-nowrap max-md:hidden">
                      {providerName(entry.provider)}
                      <span className="block text-faint text-sm">{featureName(entry.feature)}</span>
                    </Td>
                    <Td className="max-md:pe-0! [overflow-wrap:anywhere] md:min-w-48">
                      <span className="block font-medium md:hidden">
                        {providerName(entry.provider)}, {featureName(entry.feature)}
                      </span>
                      {[
                        entry.class && className(entry.class),
                        entry.http_status && `HTTP ${entry.http_status}`,
                      ]
                        .filter(Boolean)
                        .join(", ")}
                      {entry.reason && <span className="block text-muted text-sm">{entry.reason}</span>}
                      {entry.failures > 1 && (
                        <span className="block text-faint text-sm">{entry.failures} in a row</span>
                      )}
                      {!entry.class && !entry.reason && <span className="text-faint max-md:hidden">–</span>}
                      <span className="block text-faint text-sm md:hidden">
                        seen by {SOURCES[entry.source]}
                      </span>
                    </Td>
                    <Td className="whitespace-nowrap text-muted max-md:hidden">{SOURCES[entry.source]}</Td>
                  </tr>
                );
              })}
            </tbody>
          </Table>
          {entries.length > FIRST && (
            <Button size="sm" look="quiet" className="mt-3" onClick={() => setAll(!all)}>
              {all ? "Show fewer" : `Show all ${entries.length}`}
            </Button>
          )}
        </>
      )}
    </Panel>
  );
}
