import type { Counter, Feature, Usage } from "@medai/client";
import { Button, Countdown, clock, day, Meter, Notice, number, PageHead, Panel, Skeleton } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { ScrollPage } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { PLAN_NAMES, planWith } from "../plans/plans.ts";
import { useUsage } from "./usage.ts";

const FEATURES: [Feature, string][] = [
  ["mcq", "MCQs"],
  ["flashcard", "Flashcards"],
  ["pdf", "PDF uploads"],
  ["image", "Images"],
];

/** What was used today and lately, and where that leads. */
export default function UsagePage() {
  useTitle("Usage");
  const usage = useUsage();
  return (
    <ScrollPage>
      <PageHead
        title="Usage"
        lead={
          usage && (
            <>
              You are on the {PLAN_NAMES[usage.plan]} plan. All counts start again at midnight UTC, in{" "}
              <Countdown to={usage.reset_at} />.
            </>
          )
        }
        actions={
          <Button asChild>
            <Link to="/pricing">Compare plans</Link>
          </Button>
        }
      />
      {usage ? <Figures usage={usage} /> : <Skeleton className="h-72" />}
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
          title={`The ${PLAN_NAMES[advice.plan]} plan would fit better`}
          actions={
            <Button asChild size="sm" look="primary">
              <Link to="/pricing">See the plans</Link>
            </Button>
          }
        >
          {advice.message}
        </Notice>
      )}
      <div className="grid gap-5 sm:grid-cols-2">
        <Big title="Tokens today" counter={usage.tokens} />
        <Big title="Questions today" counter={usage.requests} />
      </div>
      {projection && (
        <p className="text-muted">
          {projection.exhausted_at ? (
            new Date(projection.exhausted_at).getTime() <= Date.now() ? (
              "One of today’s limits is reached."
            ) : (
              <>
                At this pace a limit is reached at about{" "}
                <strong className="text-ink">{clock(projection.exhausted_at)}</strong>.
              </>
            )
          ) : (
            <>
              At this pace, today’s total will be about {number(projection.tokens)} tokens and{" "}
              {number(projection.requests)} {projection.requests === 1 ? "question" : "questions"}.
            </>
          )}
        </p>
      )}
      {bypass && (
        <Notice>
          As an admin you pass all limits. Today beyond them: {number(bypass.tokens)} tokens,{" "}
          {number(bypass.requests)} questions.
        </Notice>
      )}
      <Panel title="By kind" aside="today">
        <ul className="grid gap-x-10 gap-y-4 sm:grid-cols-2">
          {FEATURES.map(([feature, label]) => {
            const counter = usage.features[feature];
            return counter && <Small key={feature} feature={feature} label={label} counter={counter} />;
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
          {limit != null ? `of ${number(limit)}` : "no limit"}
        </span>
      </p>
      <Meter
        label={title}
        value={used}
        held={held}
        max={limit ?? 0}
        text={limit != null ? `${number(used)} of ${number(limit)}` : number(used)}
        className={limit == null ? "mt-4 opacity-30" : "mt-4"}
      />
      <p className="mt-2 min-h-5 text-faint text-sm">
        {held > 0
          ? `and ${number(held)} held for what is under way`
          : limit != null && `${number(Math.max(0, limit - taken(counter)))} left`}
      </p>
    </Panel>
  );
}

/** What the plan has none of is no limit that was reached. */
const included = (plan: ReturnType<typeof planWith>) =>
  plan ? `with the ${PLAN_NAMES[plan]} plan` : "not in your plan";

function Small({ feature, label, counter }: { feature: Feature; label: string; counter: Counter }) {
  const { limit } = counter;
  return (
    <li>
      <p className="mb-1.5 flex justify-between">
        <span>{label}</span>
        <span className="figures text-muted">
          {limit === 0
            ? included(planWith(feature))
            : limit != null
              ? `${number(taken(counter))} of ${number(limit)}`
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
const brief = new Intl.NumberFormat("en", { notation: "compact", maximumSignificantDigits: 3 });

/** Seven days, today last: bars for eyes, a table for ears. */
function Week({ usage }: { usage: Usage }) {
  const { history, tokens } = usage;
  const most = Math.max(1, ...history.map((past) => past.tokens));
  const top = tokens.limit != null && most > tokens.limit * 0.5 ? Math.max(most, tokens.limit) : most * 1.15;
  const weekday = (date: string) =>
    new Date(`${date}T12:00:00Z`).toLocaleDateString(undefined, { weekday: "short", timeZone: "UTC" });
  return (
    <Panel title="Seven days" aside="tokens a day">
      <div aria-hidden className="relative mt-6 flex h-44 items-end gap-2 sm:gap-4">
        {tokens.limit != null && tokens.limit <= top && (
          <div
            className="absolute inset-x-0 border-warn border-t border-dashed"
            style={{ bottom: `${(tokens.limit / top) * 100}%` }}
          >
            <span className="absolute end-0 -top-5 text-warn text-xs">limit</span>
          </div>
        )}
        {history.map((past, at) => (
          <div key={past.date} className="flex h-full flex-1 flex-col justify-end text-center">
            {past.tokens > 0 && (
              <span className="figures mb-1 text-faint text-xs">{brief.format(past.tokens)}</span>
            )}
            <div
              className={at === history.length - 1 ? "rounded-t-sm bg-accent" : "rounded-t-sm bg-accent/45"}
              style={{ height: `max(2px, ${(past.tokens / top) * 82}%)` }}
            />
          </div>
        ))}
      </div>
      <div
        aria-hidden
        className="mt-1.5 flex gap-2 border-line border-t pt-1.5 text-center text-faint text-xs sm:gap-4"
      >
        {history.map((past, at) => (
          <span key={past.date} className="flex-1">
            {at === history.length - 1 ? "Today" : weekday(past.date)}
          </span>
        ))}
      </div>
      <table className="sr-only">
        <caption>Use of the last seven days</caption>
        <thead>
          <tr>
            <th>Day</th>
            <th>Tokens</th>
            <th>Questions</th>
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
