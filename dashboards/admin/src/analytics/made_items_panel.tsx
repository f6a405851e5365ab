import { cx, Empty, number, Panel, Skeleton, Table, Td, Th } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { featureName, providerName } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { type MadeItems, madeItemsQuery } from "./made_items.ts";
import { mostSeen, share } from "./quality.ts";
import { part } from "./sums.ts";

/** How good cards, questions, summaries and maps are that models make. */
export function MadeItemsPanel({ days }: { days: number }) {
  const { data, error, refetch, isPlaceholderData } = useQuery(madeItemsQuery(days));
  return (
    <Panel title="Made items" aside="by prompt and model">
      {error && !data && <Refused error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-24" />}
      {data?.length === 0 && <Empty title="Nothing was made" />}
      {data && data.length > 0 && (
        <div className={cx(isPlaceholderData && "opacity-60")}>
          <Table label="Made items by prompt and model">
            <thead>
              <tr>
                <Th>Prompt and model</Th>
                <Th figures>Items</Th>
                <Th figures>Valid</Th>
                <Th figures>Mended</Th>
                <Th figures>Dropped</Th>
                <Th figures>Quotes not found</Th>
                <Th figures>Reported</Th>
              </tr>
            </thead>
            <tbody>
              {data.map((each) => (
                <Line key={`${each.feature} ${each.prompt} ${each.provider} ${each.model}`} of={each} />
              ))}
            </tbody>
          </Table>
        </div>
      )}
    </Panel>
  );
}

function Line({ of }: { of: MadeItems }) {
  const seen = mostSeen(of.reasons);
  return (
    <tr>
      <Th scope="row" className="min-w-44 [overflow-wrap:anywhere]">
        {featureName(of.feature)} <code className="font-mono text-muted text-sm">{of.prompt}</code>
        <span className="block text-faint text-sm">
          {providerName(of.provider)}, {of.model}
        </span>
        {seen !== "" && <span className="block text-faint text-sm">{seen}</span>}
      </Th>
      <Td figures>
        {number(of.items)}
        {of.prose > 0 && (
          <span className="block text-faint text-sm">
            {number(of.prose)} of {number(of.calls)} calls gave none
          </span>
        )}
      </Td>
      <Td figures>
        <Share of={of.items - of.flawed} all={of.items} />
      </Td>
      <Td figures>
        <Share of={of.mended} all={of.flawed} />
      </Td>
      <Td figures>{number(of.dropped)}</Td>
      <Td figures>
        <Share of={of.unproved} all={of.quotes} />
      </Td>
      <Td figures>
        {number(of.reported)}
        {of.reported > 0 && of.delivered > 0 && (
          <span className="block text-faint text-sm">{part(of.reported / of.delivered)} of delivered</span>
        )}
      </Td>
    </tr>
  );
}

function Share({ of, all }: { of: number; all: number }) {
  const value = share(of, all);
  if (value === null) return <span className="text-faint">none</span>;
  return (
    <>
      {part(value)}
      <span className="block text-faint text-sm">
        {number(of)} of {number(all)}
      </span>
    </>
  );
}
