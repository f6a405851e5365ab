import { number } from "@medai/ui";
import type { ReactNode } from "react";
import type { Sample } from "../live/trace.ts";
import type { Live } from "../live/types.ts";
import { ms, rate } from "../parts/figures.ts";
import { className } from "../parts/names.ts";
import { Spark } from "../parts/spark.tsx";

/** The four figures that say how it goes. */
export function Figures({ live, trace }: { live: Live; trace: readonly Sample[] }) {
  const ready = live.queues.reduce((sum, queue) => sum + queue.ready, 0);
  const waits = live.queues.map((queue) => queue.wait_p95_ms).filter((wait) => wait != null);
  const errors = live.minutes.reduce((sum, minute) => sum + minute.errors, 0);
  const answers = live.minutes.reduce((sum, minute) => sum + minute.answers, 0);
  return (
    <section
      aria-label="Now"
      className="grid grid-cols-2 divide-line overflow-hidden rounded-lg border border-line bg-surface shadow-card max-md:[&>:nth-child(-n+2)]:border-b max-md:[&>:nth-child(odd)]:border-e md:grid-cols-4 md:divide-x"
    >
      <Figure
        name="Answers a minute"
        value={rate(live.answers_per_minute)}
        note={`${number(answers)} in the last hour`}
        line={
          <Spark
            label="Answers a minute over the last hour"
            values={live.minutes.map((minute) => minute.answers)}
            className="w-full"
          />
        }
      />
      <Figure
        name="First token"
        value={ms(live.first_token_ms?.p50)}
        note={live.first_token_ms ? `p95 ${ms(live.first_token_ms.p95)}` : "no answers lately"}
        line={
          <Spark
            label="Time to the first token since this page was opened"
            values={trace.map((sample) => sample.firstToken)}
            className="w-full"
          />
        }
      />
      <Figure
        name="Waiting"
        value={number(ready)}
        note={waits.length > 0 ? `worst p95 ${ms(Math.max(...waits))}` : "nothing has waited lately"}
        line={
          <Spark
            label="Jobs that wait, since this page was opened"
            values={trace.map((sample) => sample.waiting)}
            className="w-full"
          />
        }
      />
      <Figure
        name="Errors this hour"
        value={number(errors)}
        note={live.errors[0] ? `most: ${className(live.errors[0].class)}` : "none in the last hour"}
        line={
          <Spark
            label="Errors a minute over the last hour"
            values={live.minutes.map((minute) => minute.errors)}
            tone={errors > 0 ? "danger" : "muted"}
            className="w-full"
          />
        }
      />
    </section>
  );
}

function Figure({ name, value, note, line }: { name: string; value: string; note: string; line: ReactNode }) {
  return (
    <div className="min-w-0 border-line p-4">
      <h2 className="font-sans! font-medium! text-muted text-sm tracking-normal!">{name}</h2>
      <p className="mt-0.5 whitespace-nowrap font-serif text-[1.9rem] tabular-nums leading-tight">{value}</p>
      <p className="truncate text-faint text-sm" title={note}>
        {note}
      </p>
      <div className="mt-2">{line}</div>
    </div>
  );
}
