import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { day, number, numberAs, percent } from "@medai/ui";
import type { Stats } from "../types.ts";
import { type Bar, Bars } from "./bars.tsx";
import { hoursOf, meanOfActive, type Span, type Step, spansOf, stepsOf } from "./shape.ts";

const round = (value: number): string => numberAs(value, { maximumFractionDigits: 1 });
/** Noon, so that it is this day in every zone. */
const dayOf = (date: string): string => day(`${date}T12:00:00`);
const spanName = ({ date, to }: Span): string =>
  date === to ? dayOf(date) : `${dayOf(date)} – ${dayOf(to)}`;

/** All figures but the retention. */
export function Figures({ stats }: { stats: Stats }) {
  const spans = spansOf(stats.days);
  const due = stats.forecast.reduce((sum, each) => sum + each.due, 0);
  return (
    <>
      <Bars
        title={t`Reviews`}
        summary={<Mean value={Math.round(meanOfActive(stats.days, "reviews"))} />}
        legend={t`The full colour is what was known.`}
        columns={[t`Day`, t`Reviews`, t`Forgotten`, t`New cards`]}
        bars={spans.map((span) => ({
          name: spanName(span),
          value: span.reviews,
          part: span.reviews - span.again,
          cells: [number(span.reviews), number(span.again), number(span.new)],
        }))}
      />
      <Bars
        title={t`Minutes`}
        summary={
          <Plural
            value={Math.round(meanOfActive(stats.days, "minutes"))}
            one="About # minute on a day on which you study."
            other="About # minutes on a day on which you study."
          />
        }
        columns={[t`Day`, t`Minutes`]}
        bars={spans.map((span) => ({
          name: spanName(span),
          value: span.minutes,
          cells: [round(span.minutes)],
        }))}
      />
      <Bars
        title={t`What will be due`}
        summary={
          <Plural
            value={due}
            one="# review in the next 30 days, as things stand."
            other="# reviews in the next 30 days, as things stand."
          />
        }
        columns={[t`Day`, t`Due`]}
        bars={stats.forecast.map((each) => ({
          name: dayOf(each.date),
          value: each.due,
          cells: [number(each.due)],
        }))}
      />
      <Bars
        title={t`Intervals`}
        summary={<Trans>How long until cards come back.</Trans>}
        columns={[t`Days`, t`Cards`]}
        bars={stepsOf(stats.intervals).map(stepBar)}
      />
      <Bars
        title={t`Stability`}
        summary={<Trans>After how many days nine of ten are still known.</Trans>}
        columns={[t`Days`, t`Cards`]}
        bars={stepsOf(stats.stability).map(stepBar)}
      />
      <Hours stats={stats} />
    </>
  );
}

const Mean = ({ value }: { value: number }) => (
  <Plural
    value={value}
    one="About # review on a day on which you study."
    other="About # reviews on a day on which you study."
  />
);

function stepBar({ from, to, count }: Step): Bar {
  const name = to === null ? t`over ${number(from)}` : t`up to ${number(to)}`;
  return { name, value: count, cells: [number(count)] };
}

function Hours({ stats }: { stats: Stats }) {
  const hours = hoursOf(stats.hours);
  const best = hours
    .filter(({ reviews }) => reviews >= 20)
    .reduce<(typeof hours)[number] | undefined>(
      (known, each) => ((each.share ?? 0) > (known?.share ?? 0) ? each : known),
      undefined,
    );
  const clockOf = (hour: number) => `${String(hour).padStart(2, "0")}:00`;
  return (
    <Bars
      title={t`Hours of the day`}
      summary={
        best ? (
          <Trans>
            You knew most at {clockOf(best.hour)}: {percent(best.share ?? 0)}.
          </Trans>
        ) : (
          <Trans>Too few reviews yet to compare the hours.</Trans>
        )
      }
      legend={t`The full colour is what was known.`}
      columns={[t`Hour`, t`Reviews`, t`Known`]}
      bars={hours.map(({ hour, reviews, share }) => ({
        name: clockOf(hour),
        value: reviews,
        part: Math.round(reviews * (share ?? 0)),
        cells: [number(reviews), share === undefined ? "–" : percent(share)],
      }))}
    />
  );
}
