import { Badge, Countdown, clock, Empty, number, Panel, Table, Td, Th } from "@medai/ui";
import { QuotaDays } from "../parts/day_end.tsx";
import { rate } from "../parts/figures.ts";
import { featureName, providerName } from "../parts/names.ts";
import type { Analytics } from "./analytics.ts";

/** How fast the quota of the shared keys is used up, and when it ends. */
export function BurnPanel({ data: { burn } }: { data: Analytics }) {
  const rows = burn.toSorted((a, b) => ends(a) - ends(b) || b.requests_per_hour - a.requests_per_hour);
  return (
    <Panel
      title="Quota use"
      aside={
        <>
          At the pace of the last hour. <QuotaDays />
        </>
      }
    >
      {rows.length === 0 ? (
        <Empty title="No keys yet">Shared keys with their quota are listed here.</Empty>
      ) : (
        <Table label="Quota use by provider and feature">
          <thead>
            <tr>
              <Th>Keys</Th>
              <Th figures className="max-sm:hidden">
                Per hour
              </Th>
              <Th figures>Left today</Th>
              <Th figures>Runs out</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.provider}${row.feature}`}>
                <Th scope="row">
                  {providerName(row.provider)}
                  <span className="block text-faint text-sm">{featureName(row.feature)}</span>
                  <span className="block text-faint text-sm sm:hidden">
                    {rate(row.requests_per_hour)} per hour
                  </span>
                </Th>
                <Td figures className="max-sm:hidden">
                  {rate(row.requests_per_hour)}
                </Td>
                <Td figures>
                  {row.requests_left == null ? (
                    <span className="text-faint">not known</span>
                  ) : (
                    number(row.requests_left)
                  )}
                  {row.requests_left != null && (row.unknown_keys ?? 0) > 0 && (
                    <span className="block text-faint text-sm">
                      and {row.unknown_keys} {row.unknown_keys === 1 ? "key" : "keys"} more
                    </span>
                  )}
                </Td>
                <Td figures className="whitespace-nowrap">
                  {row.requests_left === 0 && (row.unknown_keys ?? 0) === 0 ? (
                    <Badge tone="bad">used up</Badge>
                  ) : row.runs_out_at ? (
                    <>
                      <Badge tone="warn">{clock(row.runs_out_at)}</Badge>
                      <span className="block text-faint text-sm">
                        in <Countdown to={row.runs_out_at} />
                      </span>
                    </>
                  ) : (
                    <span className="text-faint">{row.requests_left == null ? "–" : "not today"}</span>
                  )}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}

const ends = ({ runs_out_at: at }: { runs_out_at?: string | null }) =>
  at ? new Date(at).getTime() : Number.MAX_SAFE_INTEGER;
