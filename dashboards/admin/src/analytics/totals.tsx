import { number, Panel } from "@medai/ui";
import type { ReactNode } from "react";
import type { Analytics } from "./analytics.ts";
import { compact, counted, failureRate, money, part } from "./sums.ts";

/** All of it, in four figures. */
export function Totals({ data: { totals, averages, cost } }: { data: Analytics }) {
  const tokens = totals.prompt_tokens + totals.completion_tokens;
  return (
    <div className="grid grid-cols-2 gap-3 md:grid-cols-4 lg:gap-5">
      <Figure title="Requests" value={compact(totals.requests)} exact={number(totals.requests)}>
        {number(totals.failed)} failed, {part(failureRate(totals))}
      </Figure>
      <Figure title="Tokens" value={compact(tokens)} exact={number(tokens)}>
        {compact(totals.prompt_tokens)} in, {compact(totals.completion_tokens)} out
      </Figure>
      <Figure title="Active users" value={compact(totals.active_users)} exact={number(totals.active_users)}>
        {counted(averages.requests_per_user, "request")} and {counted(averages.tokens_per_user, "token")} per
        user
      </Figure>
      <Figure title="Cost" value={money(totals.cost, cost.currency)}>
        {totals.cost && totals.active_users > 0
          ? `${money(totals.cost / totals.active_users, cost.currency)} an active user`
          : "of shared keys, as far as priced"}
      </Figure>
    </div>
  );
}

function Figure({
  title,
  value,
  exact,
  children,
}: {
  title: string;
  value: string;
  exact?: string;
  children: ReactNode;
}) {
  return (
    <Panel>
      <h2 className="font-medium font-sans! text-muted text-sm tracking-normal!">{title}</h2>
      <p
        title={exact}
        className="figures mt-1 font-serif font-[560] text-[1.75rem] leading-tight sm:text-[2.125rem]"
      >
        {value}
      </p>
      <p className="figures mt-0.5 text-faint text-sm">{children}</p>
    </Panel>
  );
}
