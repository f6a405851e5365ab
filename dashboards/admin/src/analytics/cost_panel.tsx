import { Badge, Empty, LinkLook, Notice, number, Panel, Table, Td, Th } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { providerName } from "../parts/names.ts";
import type { Analytics } from "./analytics.ts";
import { compact, money, month } from "./sums.ts";

/** What shared keys cost: this month until now, by its end, and by key. */
export function CostPanel({ data: { cost, to } }: { data: Analytics }) {
  const { currency, by_key: keys } = cost;
  const [so, projected] = [cost.so_far_this_month, cost.projected_this_month];
  const { gone, all } = month(to);
  const unpriced = keys.filter(({ priced }) => !priced).length;
  const top = Math.max(so ?? 0, projected ?? 0);
  const width = (value: number | null) => `scaleX(${top > 0 ? (value ?? 0) / top : 0})`;
  return (
    <Panel title="Cost" aside={`day ${gone} of ${all} of the month, in UTC`}>
      <dl className="grid grid-cols-2 gap-4">
        <div>
          <dt className="text-muted text-sm">This month until now</dt>
          <dd className="figures font-serif font-[560] text-2xl">{money(so, currency)}</dd>
        </div>
        <div>
          <dt className="text-muted text-sm">By its end, at this pace</dt>
          <dd className="figures font-serif font-[560] text-2xl">{money(projected, currency)}</dd>
        </div>
      </dl>
      <div aria-hidden className="relative mt-2 h-2 overflow-hidden rounded-full bg-sunken">
        <div
          className="absolute inset-0 origin-left bg-accent opacity-35"
          style={{ transform: width(projected) }}
        />
        <div className="absolute inset-0 origin-left bg-accent" style={{ transform: width(so) }} />
      </div>
      {unpriced > 0 && (
        <div className="mt-4">
          <Notice
            actions={
              <Link to="/keys" className={LinkLook}>
                Give prices
              </Link>
            }
          >
            {unpriced === 1
              ? "The price of one key is not known"
              : `The prices of ${unpriced} keys are not known`}
            , so the sums are too low.
          </Notice>
        </div>
      )}
      <div className="mt-4">
        {keys.length === 0 ? (
          <Empty title="No key was used" />
        ) : (
          <Table label="Cost by key">
            <thead>
              <tr>
                <Th>Key</Th>
                <Th figures>Tokens</Th>
                <Th figures>Cost</Th>
              </tr>
            </thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key.key_id}>
                  <Th scope="row">
                    {providerName(key.provider)}{" "}
                    <code className="font-mono text-muted text-sm">{key.key_masked}</code>
                  </Th>
                  <Td figures title={number(key.tokens)}>
                    {compact(key.tokens)}
                  </Td>
                  <Td figures className="whitespace-nowrap">
                    {key.cost != null && money(key.cost, currency)}{" "}
                    {!key.priced && <Badge tone="warn">{key.cost == null ? "no price" : "in part"}</Badge>}
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
        )}
      </div>
    </Panel>
  );
}
