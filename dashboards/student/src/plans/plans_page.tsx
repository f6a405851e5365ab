import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Plan, PlanView } from "@medai/client";
import { plansQuery, useAccount } from "@medai/client/react";
import { cx, LinkLook, number, PageHead } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Awaited } from "../app/fetched.tsx";
import { ScrollPage } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { COMPARED, limitOf, planName } from "./plans.ts";

/** What each plan allows. Plans are changed by an admin: there are no payments here. */
export default function PlansPage() {
  useTitle(t`Plans`);
  const { plan } = useAccount();
  const { data: plans, error, refetch } = useQuery(plansQuery);
  return (
    <ScrollPage>
      <PageHead title={t`Plans`} lead={t`What each allows a day. All counts start again at midnight UTC.`} />
      {plans ? (
        <Compared plans={plans} own={plan} />
      ) : (
        <Awaited className="h-72" error={error} refetch={refetch} />
      )}
      <h2 className="mt-10 text-xl">
        <Trans>Changing your plan</Trans>
      </h2>
      <p className="mt-2 max-w-[60ch] text-muted">
        <Trans>
          Plans are set by the people who run this platform: ask them for another one. With a provider key of
          your own, which you can add to{" "}
          <Link to="/profile" className={LinkLook}>
            your profile
          </Link>
          , answers cost none of your plan’s tokens.
        </Trans>
      </p>
    </ScrollPage>
  );
}

const inWords = (limit: number | null): string => {
  if (limit === null) return t`no limit`;
  return limit === 0 ? t`not included` : number(limit);
};

function Compared({ plans, own }: { plans: PlanView[]; own: Plan }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="scrolls overflow-x-auto" aria-label={t`Plans compared`} tabIndex={0}>
      <table className="w-full min-w-[20rem] border-collapse text-start">
        <thead>
          <tr className="border-ink border-y-[1.5px]">
            <th scope="col" className="py-3 pe-2 text-start font-medium text-faint text-sm">
              <Trans>A day</Trans>
            </th>
            {plans.map(({ plan }) => (
              <th
                key={plan}
                scope="col"
                className={cx(
                  "px-2 py-3 sm:px-4 text-start font-serif font-semibold text-lg",
                  plan === own && "bg-accent-soft",
                )}
              >
                {planName(plan)}
                {plan === own && (
                  <span className="block font-medium font-sans text-accent text-xs">
                    <Trans>Your plan</Trans>
                  </span>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {COMPARED.map(({ what, label }) => (
            <tr key={what} className="border-line border-b">
              <th scope="row" className="py-3 pe-2 text-start font-normal">
                {i18n._(label)}
              </th>
              {plans.map((plan) => (
                <td
                  key={plan.plan}
                  className={cx(
                    "px-2 py-3 sm:px-4",
                    limitOf(plan, what) === 0 && "text-faint",
                    plan.plan === own && "bg-accent-soft",
                  )}
                >
                  {inWords(limitOf(plan, what))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
