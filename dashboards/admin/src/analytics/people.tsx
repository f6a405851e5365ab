import { cx, day, Empty, LinkLook, number, Panel, Table, Td, Th } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { useMay } from "../app/may.ts";
import { featureName } from "../parts/names.ts";
import { PLAN_NAMES } from "../users/plans.ts";
import type { Analytics } from "./analytics.ts";
import { compact, failureRate, part } from "./sums.ts";

const planName = (plan: string): string =>
  plan === "deleted" ? "Deleted accounts" : (PLAN_NAMES[plan as keyof typeof PLAN_NAMES] ?? plan);

/** What is used most: bars, with the figures beside them. */
export function Popularity({ data: { by_feature: features } }: { data: Analytics }) {
  const most = Math.max(...features.map(({ share }) => share), 0);
  return (
    <Panel title="Popularity" aside="of all requests">
      {features.length === 0 ? (
        <Empty title="Nothing was used" />
      ) : (
        <ol aria-label="Features by popularity" className="flex flex-col gap-3">
          {features.map((each) => (
            <li key={each.feature}>
              <p className="flex flex-wrap items-baseline justify-between gap-x-4">
                <span>{featureName(each.feature)}</span>
                <span className="figures text-muted text-sm">
                  {part(each.share)} · {number(each.requests)}
                  {each.failed > 0 && (
                    <span className={cx(failureRate(each) > 0.05 && "text-danger")}>
                      {" "}
                      · {part(failureRate(each))} failed
                    </span>
                  )}
                </span>
              </p>
              <div aria-hidden className="mt-1 h-1.5 overflow-hidden rounded-full bg-sunken">
                <div
                  className="h-full origin-left rounded-full bg-accent"
                  style={{ transform: `scaleX(${most > 0 ? each.share / most : 0})` }}
                />
              </div>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

export function Plans({ data: { by_plan: plans } }: { data: Analytics }) {
  return (
    <Panel title="By plan">
      <Table label="Usage by plan">
        <thead>
          <tr>
            <Th>Plan</Th>
            <Th figures className="max-sm:hidden">
              Accounts
            </Th>
            <Th figures>Active</Th>
            <Th figures>Requests</Th>
            <Th figures>Tokens</Th>
          </tr>
        </thead>
        <tbody>
          {plans.map((each) => (
            <tr key={each.plan}>
              <Th scope="row">{planName(each.plan)}</Th>
              <Td figures className="max-sm:hidden">
                {number(each.users)}
              </Td>
              <Td figures>
                {number(each.active_users)}
                {each.users > 0 && (
                  <span className="block text-faint text-sm">
                    <span className="sm:hidden">of {number(each.users)}, </span>
                    {part(each.active_users / each.users)}
                  </span>
                )}
              </Td>
              <Td figures>
                {compact(each.requests)}
                {each.active_users > 0 && (
                  <span className="block text-faint text-sm">
                    {compact(each.requests / each.active_users)} per user
                  </span>
                )}
              </Td>
              <Td figures>
                {compact(each.tokens)}
                {each.active_users > 0 && (
                  <span className="block text-faint text-sm">
                    {compact(each.tokens / each.active_users)} per user
                  </span>
                )}
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Panel>
  );
}

export function TopUsers({ data: { top_users: users } }: { data: Analytics }) {
  const opens = useMay()("ViewUsers");
  return (
    <Panel title="Top users" aside="by tokens">
      {users.length === 0 ? (
        <Empty title="Nobody asked anything" />
      ) : (
        <Table label="Users who used the most">
          <thead>
            <tr>
              <Th>Who</Th>
              <Th className="hidden sm:table-cell">Plan</Th>
              <Th figures>Requests</Th>
              <Th figures>Tokens</Th>
            </tr>
          </thead>
          <tbody>
            {users.map((user) => (
              <tr key={user.user_id + user.email}>
                <Th scope="row" className="w-full min-w-36 sm:w-[55%] [overflow-wrap:anywhere]">
                  {opens ? (
                    <Link to="/users/$id" params={{ id: user.user_id }} className={LinkLook}>
                      {user.name || user.email}
                    </Link>
                  ) : (
                    user.name || user.email
                  )}
                  <span className="block text-faint text-sm">{user.email}</span>
                </Th>
                <Td className="hidden sm:table-cell">{planName(user.plan)}</Td>
                <Td figures>{number(user.requests)}</Td>
                <Td figures title={number(user.tokens)}>
                  {compact(user.tokens)}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}

/** Free to paid: all accounts, and by the week in which they registered. */
export function ConversionPanel({ data: { conversion } }: { data: Analytics }) {
  const { by_week: weeks } = conversion;
  const most = Math.max(1, ...weeks.map(({ registered }) => registered));
  return (
    <Panel title="Free to paid">
      <p className="figures font-serif font-[560] text-[2.125rem] leading-none">{part(conversion.rate)}</p>
      <p className="mt-1.5 text-muted">
        {number(conversion.paid)} of {number(conversion.registered)} accounts pay.
      </p>
      {weeks.length > 0 && (
        <>
          <p className="mt-4 text-faint text-sm">Registered by week, and how many of them pay now</p>
          <div className="scrolls mt-1 max-h-80 overflow-y-auto">
            <Table label="Registrations by week" className="text-sm">
              <thead>
                <tr>
                  <Th>Week of</Th>
                  <Th className="w-1/2">
                    <span className="sr-only">Share</span>
                  </Th>
                  <Th figures>New</Th>
                  <Th figures>Pay</Th>
                </tr>
              </thead>
              <tbody>
                {weeks.toReversed().map((each) => (
                  <tr key={each.week}>
                    <Th scope="row" className="whitespace-nowrap py-1.5!">
                      {day(`${each.week}T00:00:00`)}
                    </Th>
                    <Td className="py-1.5!">
                      <div aria-hidden className="relative mt-1.5 h-2 overflow-hidden rounded-full bg-sunken">
                        <div
                          className="absolute inset-0 origin-left bg-accent opacity-35"
                          style={{ transform: `scaleX(${each.registered / most})` }}
                        />
                        <div
                          className="absolute inset-0 origin-left bg-accent"
                          style={{ transform: `scaleX(${each.paid / most})` }}
                        />
                      </div>
                    </Td>
                    <Td figures className="py-1.5!">
                      {number(each.registered)}
                    </Td>
                    <Td figures className="whitespace-nowrap py-1.5!">
                      {number(each.paid)}
                      <span className="text-faint">
                        {each.registered > 0 && ` (${part(each.paid / each.registered)})`}
                      </span>
                    </Td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </div>
        </>
      )}
    </Panel>
  );
}
