import { plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Empty, number, numberAs, PageHead, Panel, percent, Select } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Awaited } from "../../app/fetched.tsx";
import { useTitle } from "../../app/title.ts";
import { decksQuery, statsQuery } from "../api.ts";
import { StudyFrame } from "../frame.tsx";
import type { Stats } from "../types.ts";
import { Figures } from "./figures.tsx";
import { Fitted } from "./fitted.tsx";

const DAYS = [30, 90, 365] as const;

/** How well and how much was learned, and what will be due. */
export default function StatisticsPage() {
  useTitle(t`Statistics`);
  const [deck, setDeck] = useState("");
  const [days, setDays] = useState<number>(30);
  const decks = useQuery(decksQuery).data ?? [];
  const { data: stats, error, refetch } = useQuery(statsQuery(deck || undefined, days));
  return (
    <StudyFrame>
      <PageHead title={t`Statistics`} />
      <div className="mb-5 grid gap-3 sm:grid-cols-[2fr_1fr]">
        <Select label={t`Deck`} value={deck} onChange={({ target }) => setDeck(target.value)}>
          <option value="">{t`All decks`}</option>
          {decks.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </Select>
        <Select label={t`Time`} value={days} onChange={({ target }) => setDays(Number(target.value))}>
          {DAYS.map((each) => (
            <option key={each} value={each}>
              {plural(each, { one: "The last day", other: "The last # days" })}
            </option>
          ))}
        </Select>
      </div>
      {!stats ? (
        <Awaited className="h-96" error={error} refetch={refetch} />
      ) : stats.totals.cards === 0 && stats.retention.reviews === 0 ? (
        <Empty title={t`There is nothing to count yet`}>
          <Trans>After the first reviews, this page says how well they went.</Trans>
        </Empty>
      ) : (
        <div className="flex flex-col gap-5">
          <Retention stats={stats} />
          <Figures stats={stats} />
          <Fitted />
        </div>
      )}
    </StudyFrame>
  );
}

const share = (value: number): string => numberAs(value, { style: "percent", maximumFractionDigits: 1 });

/** True against desired, in words and numbers, and what there is in all. */
function Retention({ stats }: { stats: Stats }) {
  const { retention, totals } = stats;
  const reached = retention.true;
  return (
    <Panel title={t`Retention`}>
      <p className="text-muted">
        {reached === null ? (
          <Trans>There were no reviews of learned cards yet, so it is not known.</Trans>
        ) : retention.desired === null ? (
          <Trans>
            You knew <strong className="text-ink">{share(reached)}</strong> of what came back.
          </Trans>
        ) : (
          <Trans>
            You knew <strong className="text-ink">{share(reached)}</strong> of what came back; the decks aim
            at <strong className="text-ink">{percent(retention.desired)}</strong>.
          </Trans>
        )}{" "}
        <Plural value={retention.reviews} one="# review counts." other="# reviews count." />
      </p>
      <dl className="figures mt-4 grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-4">
        {retention.young != null && <Fact name={t`Young cards`} value={share(retention.young)} />}
        {retention.mature != null && <Fact name={t`Mature cards`} value={share(retention.mature)} />}
        <Fact name={t`All cards`} value={number(totals.cards)} />
        <Fact name={t`New`} value={number(totals.new)} />
        <Fact name={t`In learning`} value={number(totals.learning)} />
        <Fact name={t`Young`} value={number(totals.young)} />
        <Fact name={t`Mature`} value={number(totals.mature)} />
        <Fact name={t`Suspended`} value={number(totals.suspended)} />
        {totals.streak_days !== undefined && (
          <Fact name={t`Days in a row`} value={number(totals.streak_days)} />
        )}
      </dl>
    </Panel>
  );
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt className="text-faint text-sm">{name}</dt>
    <dd className="font-medium text-lg">{value}</dd>
  </div>
);
