import { Empty, number, Panel, Select, Skeleton, Table, Td, Th } from "@medai/ui";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { providerName } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { countsQuery } from "./feedback.ts";

const DAYS = [7, 30, 90, 365] as const;

/** Thumbs and reports by who answered. */
export function Counts() {
  const [days, setDays] = useState<number>(30);
  const { data, error, refetch } = useQuery({ ...countsQuery(days), placeholderData: keepPreviousData });
  return (
    <Panel
      title="By model"
      aside={
        <div className="w-40 text-ink">
          <Select
            bare
            label="Time"
            value={days}
            onChange={(event) => setDays(DAYS.find((each) => String(each) === event.target.value) ?? 30)}
          >
            {DAYS.map((each) => (
              <option key={each} value={each}>
                Last {each} days
              </option>
            ))}
          </Select>
        </div>
      }
    >
      {error && !data && <Refused error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton className="h-24" />}
      {data?.length === 0 && <Empty title="Nobody has said anything yet" />}
      {data && data.length > 0 && (
        <Table label="Votes and reports by model">
          <thead>
            <tr>
              <Th>Model</Th>
              <Th figures>Thumbs up</Th>
              <Th figures>Thumbs down</Th>
              <Th figures>Reports</Th>
            </tr>
          </thead>
          <tbody>
            {data.map(({ provider, model, up, down, reports }) => (
              <tr key={`${provider} ${model}`}>
                <Th scope="row" className="[overflow-wrap:anywhere]">
                  {model ?? "Unknown"}
                  <span className="block text-faint text-sm">{provider && providerName(provider)}</span>
                </Th>
                <Td figures>{number(up)}</Td>
                <Td figures>{number(down)}</Td>
                <Td figures>{number(reports)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}
