import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Problem } from "@medai/client";
import { Button, number, Panel, percent, Select, TextField } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { ProblemNotice } from "../../app/limit.tsx";
import { quizPath } from "../paths.ts";
import type { Mode, QuestionSet } from "../result_types.ts";
import { startQuiz, topicsQuery } from "../results_api.ts";
import { useStep } from "../step.tsx";
import { available, type Chosen, type From, MOST, newQuiz, SECONDS } from "./start.ts";

const FIRST: Chosen = { from: "sets", sets: [], topics: [], count: 10, mode: "tutor", seconds: 90 };

/** Begins a quiz: of what, how many, and how. */
export function StartPanel({ sets, only }: { sets: readonly QuestionSet[]; only?: QuestionSet }) {
  const [chosen, setChosen] = useState<Chosen>({ ...FIRST, sets: only ? [only.id] : [] });
  const { data: topics = [] } = useQuery(topicsQuery);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const go = useStep();
  const change = (by: Partial<Chosen>) => {
    setProblem(undefined);
    setChosen((known) => ({ ...known, ...by }));
  };
  const there = available(chosen, sets, topics);
  const body = newQuiz(chosen, there);
  const start = async () => {
    if (!body) return;
    setBusy(true);
    setProblem(undefined);
    try {
      go(quizPath((await startQuiz(body)).id));
    } catch (error) {
      setProblem(Problem.wrap(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title={t`Start a quiz`}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void start();
        }}
      >
        {!only && <Choice chosen={chosen} onChange={change} sets={sets} topics={topics} />}
        <How chosen={chosen} onChange={change} />
        {problem && <ProblemNotice problem={problem} onRetry={() => void start()} />}
        <div className="flex flex-wrap items-center justify-end gap-3">
          <p role="status" className="text-faint text-sm">
            {there > 0
              ? plural(there, { one: "# question to choose from", other: "# questions to choose from" })
              : chosen.from === "wrong"
                ? t`No question was answered wrong.`
                : t`Choose what it is about.`}
          </p>
          <Button type="submit" look="primary" busy={busy} disabled={!body}>
            <Trans>Start</Trans>
          </Button>
        </div>
      </form>
    </Panel>
  );
}

interface PartProps {
  chosen: Chosen;
  onChange: (by: Partial<Chosen>) => void;
}

function Choice({
  chosen,
  onChange,
  sets,
  topics,
}: PartProps & {
  sets: readonly QuestionSet[];
  topics: readonly { topic: string; questions: number; answered: number; right: number }[];
}) {
  const toggle = (all: readonly string[], id: string) =>
    all.includes(id) ? all.filter((each) => each !== id) : [...all, id];
  return (
    <>
      <Radios<From>
        legend={t`Questions`}
        value={chosen.from}
        onChange={(from) => onChange({ from })}
        options={[
          ["sets", t`From sets`],
          ["topics", t`By topic`],
          ["wrong", t`Only those answered wrong`],
        ]}
      />
      {chosen.from === "sets" && (
        <Checks
          label={t`Sets`}
          items={sets.map(({ id, title, count, reported }) => ({
            id,
            name: title,
            hint: number(Math.max(0, count - reported)),
          }))}
          picked={chosen.sets}
          onToggle={(id) => onChange({ sets: toggle(chosen.sets, id) })}
        />
      )}
      {chosen.from === "topics" && (
        <Checks
          label={t`Topics`}
          items={topics.map(({ topic, questions, answered, right }) => ({
            id: topic,
            name: topic,
            hint:
              answered > 0 ? t`${number(questions)}, ${percent(right / answered)} right` : number(questions),
          }))}
          picked={chosen.topics}
          onToggle={(topic) => onChange({ topics: toggle(chosen.topics, topic) })}
        />
      )}
    </>
  );
}

function How({ chosen, onChange }: PartProps) {
  return (
    <>
      <Radios<Mode>
        legend={t`Mode`}
        value={chosen.mode}
        onChange={(mode) => onChange({ mode })}
        options={[
          ["tutor", t`Tutor: explanations after each answer`],
          ["exam", t`Exam: all at the end`],
        ]}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          label={t`How many questions`}
          type="number"
          inputMode="numeric"
          min={1}
          max={MOST}
          value={Number.isNaN(chosen.count) ? "" : chosen.count}
          onChange={(event) => onChange({ count: event.target.valueAsNumber })}
        />
        {chosen.mode === "exam" && (
          <Select
            label={t`Time`}
            value={chosen.seconds}
            onChange={(event) => onChange({ seconds: Number(event.target.value) })}
          >
            {SECONDS.map((seconds) => (
              <option key={seconds} value={seconds}>
                {seconds === 0
                  ? t`No limit`
                  : plural(seconds, { one: "# second a question", other: "# seconds a question" })}
              </option>
            ))}
          </Select>
        )}
      </div>
    </>
  );
}

function Radios<T extends string>({
  legend,
  value,
  options,
  onChange,
}: {
  legend: string;
  value: T;
  options: readonly [T, string][];
  onChange: (value: T) => void;
}) {
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="mb-1 font-medium text-sm">{legend}</legend>
      {options.map(([each, name]) => (
        <Row key={each}>
          <input
            type="radio"
            className="size-4.5 shrink-0"
            checked={value === each}
            onChange={() => onChange(each)}
          />
          {name}
        </Row>
      ))}
    </fieldset>
  );
}

function Checks({
  label,
  items,
  picked,
  onToggle,
}: {
  label: string;
  items: readonly { id: string; name: string; hint: string }[];
  picked: readonly string[];
  onToggle: (id: string) => void;
}) {
  return (
    <ul aria-label={label} className="max-h-56 overflow-y-auto rounded-md border border-line px-2">
      {items.map(({ id, name, hint }) => (
        <li key={id}>
          <Row>
            <input
              type="checkbox"
              className="size-4.5 shrink-0"
              checked={picked.includes(id)}
              onChange={() => onToggle(id)}
            />
            <span className="min-w-0 flex-1 break-words">
              <bdi>{name}</bdi>
            </span>
            <span className="figures shrink-0 text-faint text-sm">{hint}</span>
          </Row>
        </li>
      ))}
    </ul>
  );
}

const Row = ({ children }: { children: ReactNode }) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: it is in what is given
  <label className="flex min-h-10 cursor-pointer items-center gap-3 rounded-sm px-1 hover:bg-sunken">
    {children}
  </label>
);
