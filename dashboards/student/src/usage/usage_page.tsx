import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import type { Counter, Feature, Usage } from "@medai/client";
import { usePlans } from "@medai/client/react";
import {
  Button,
  Countdown,
  clock,
  datesLocale,
  day,
  Meter,
  Notice,
  number,
  numberAs,
  PageHead,
  Panel,
} from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Awaited } from "../app/fetched.tsx";
import { ScrollPage } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { planName, planWith } from "../plans/plans.ts";
import { usageQuery } from "./usage.ts";

const FEATURES: [Feature, MessageDescriptor][] = [
  ["mcq", msg`MCQs`],
  ["flashcard", msg`Flashcards`],
  ["pdf", msg`PDF uploads`],
  ["image", msg`Images`],
];

/** What was used today and lately, and where that leads. */
export default function UsagePage() {
  useTitle(t`Usage`);
  const { data: usage, error, refetch } = useQuery(usageQuery);
  return (
    <ScrollPage>
      <PageHead
        title={t`Usage`}
        lead={
          usage && (
            <Trans>
              You are on the {planName(usage.plan)} plan. All counts start again at midnight UTC, in{" "}
              <Countdown to={usage.reset_at} />.
            </Trans>
          )
        }
        actions={
          <Button asChild>
            <Link to="/pricing">
              <Trans>Compare plans</Trans>
            </Link>
          </Button>
        }
      />
      {usage ? <Figures usage={usage} /> : <Awaited className="h-72" error={error} refetch={refetch} />}
    </ScrollPage>
  );
}

function Figures({ usage }: { usage: Usage }) {
  const { advice, projection, bypass } = usage;
  return (
    <div className="flex flex-col gap-5">
      {advice && (
        <Notice
          tone="good"
          title={t`The ${planName(advice.plan)} plan would fit better`}
          actions={
            <Button asChild size="sm" look="primary">
              <Link to="/pricing">
                <Trans>See the plans</Trans>
              </Link>
            </Button>
          }
        >
          {advice.plan === "pro"
            ? t`You often come near your daily limits. The Pro plan has four times as much.`
            : t`You often come near your daily limits. The Student plan has five times as much.`}
        </Notice>
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        <Big title={t`Tokens today`} counter={usage.tokens} />
        <Big title={t`Questions today`} counter={usage.requests} />
      </div>
      {projection && (
        <p className="text-muted">
          {projection.exhausted_at ? (
            new Date(projection.exhausted_at).getTime() <= Date.now() ? (
              t`One of today’s limits is reached.`
            ) : (
              <Trans>
                At this pace a limit is reached at about{" "}
                <strong className="text-ink">{clock(projection.exhausted_at)}</strong>.
              </Trans>
            )
          ) : (
            <Trans>
              At this pace, today’s total will be about {number(projection.tokens)} tokens and{" "}
              <Plural value={projection.requests} one="# question" other="# questions" />.
            </Trans>
          )}
        </p>
      )}
      {bypass && (
        <Notice>
          <Trans>
            As an admin you pass all limits. Today beyond them: {number(bypass.tokens)} tokens,{" "}
            <Plural value={bypass.requests} one="# question" other="# questions" />.
          </Trans>
        </Notice>
      )}
      <Panel title={t`By kind`} aside={t`today`}>
        <ul className="grid gap-x-10 gap-y-4 sm:grid-cols-2">
          {FEATURES.map(([feature, label]) => {
            const counter = usage.features[feature];
            return (
              counter && <Small key={feature} feature={feature} label={i18n._(label)} counter={counter} />
            );
          })}
        </ul>
      </Panel>
      <Week usage={usage} />
    </div>
  );
}

const taken = ({ used, held }: Counter) => used + held;

function Big({ title, counter }: { title: string; counter: Counter }) {
  const { limit, held, used } = counter;
  return (
    <Panel>
      <h2 className="font-medium font-sans text-muted text-sm tracking-normal">{title}</h2>
      <p className="figures mt-1 font-serif font-[560] text-[2.5rem] leading-none">
        {number(used)}
        <span className="ms-2 font-normal font-sans text-base text-faint">
          {limit != null ? t`of ${number(limit)}` : t`no limit`}
        </span>
      </p>
      <Meter
        label={title}
        value={used}
        held={held}
        max={limit ?? 0}
        text={limit != null ? t`${number(used)} of ${number(limit)}` : number(used)}
        className={limit == null ? "mt-4 opacity-30" : "mt-4"}
      />
      <p className="mt-2 min-h-5 text-faint text-sm">
        {held > 0
          ? t`and ${number(held)} held for what is under way`
          : limit != null && t`${number(Math.max(0, limit - taken(counter)))} left`}
      </p>
    </Panel>
  );
}

/** What the plan has none of is no limit that was reached. */
const included = (plan: ReturnType<typeof planWith>) =>
  plan ? t`with the ${planName(plan)} plan` : t`not in your plan`;

function Small({ feature, label, counter }: { feature: Feature; label: string; counter: Counter }) {
  const { limit } = counter;
  const plans = usePlans();
  return (
    <li>
      <p className="mb-1.5 flex justify-between">
        <span>{label}</span>
        <span className="figures text-muted">
          {limit === 0
            ? included(planWith(plans, feature))
            : limit != null
              ? t`${number(taken(counter))} of ${number(limit)}`
              : number(taken(counter))}
        </span>
      </p>
      <Meter
        label={label}
        value={counter.used}
        held={counter.held}
        max={limit || 1}
        className={limit ? "" : "opacity-40"}
      />
    </li>
  );
}

/** Seven of them stand side by side on a phone. */
const brief = (value: number) => numberAs(value, { notation: "compact", maximumSignificantDigits: 3 });

/** Seven days, today last: bars for eyes, a table for ears. */
function Week({ usage }: { usage: Usage }) {
  const { history, tokens } = usage;
  const most = Math.max(1, ...history.map((past) => past.tokens));
  const top = tokens.limit != null && most > tokens.limit * 0.5 ? Math.max(most, tokens.limit) : most * 1.15;
  const weekday = (date: string) =>
    new Date(`${date}T12:00:00Z`).toLocaleDateString(datesLocale(), { weekday: "short", timeZone: "UTC" });
  return (
    <Panel title={t`Seven days`} aside={t`tokens a day`}>
      <div aria-hidden dir="ltr" className="relative mt-6 flex h-44 items-end gap-2 sm:gap-4">
        {tokens.limit != null && tokens.limit <= top && (
          <div
            className="absolute inset-x-0 border-warn border-t border-dashed"
            style={{ bottom: `${(tokens.limit / top) * 100}%` }}
          >
            <span className="absolute end-0 -top-5 text-warn text-xs">
              <Trans>limit</Trans>
            </span>
          </div>
        )}
        {history.map((past, at) => (
          <div key={past.date} className="flex h-full flex-1 flex-col justify-end text-center">
            {past.tokens > 0 && <span className="figures mb-1 text-faint text-xs">{brief(past.tokens)}</span>}
            <div
              className={at === history.length - 1 ? "rounded-t-sm bg-accent" : "rounded-t-sm bg-accent/45"}
              style={{ height: `max(2px, ${(past.tokens / top) * 82}%)` }}
            />
          </div>
        ))}
      </div>
      <div
        aria-hidden
        dir="ltr"
        className="mt-1.5 flex gap-2 border-line border-t pt-1.5 text-center text-faint text-xs sm:gap-4"
      >
        {history.map((past, at) => (
          <span key={past.date} className="flex-1">
            {at === history.length - 1 ? t`Today` : weekday(past.date)}
          </span>
        ))}
      </div>
      <table className="sr-only">
        <caption>
          <Trans>Use of the last seven days</Trans>
        </caption>
        <thead>
          <tr>
            <th>
              <Trans>Day</Trans>
            </th>
            <th>
              <Trans>Tokens</Trans>
            </th>
            <th>
              <Trans>Questions</Trans>
            </th>
          </tr>
        </thead>
        <tbody>
          {history.map((past) => (
            <tr key={past.date}>
              <th>{day(past.date)}</th>
              <td>{number(past.tokens)}</td>
              <td>{number(past.requests)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}
