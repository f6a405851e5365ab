import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Button, cx, duration, Meter, number, PageHead, Panel, percent } from "@medai/ui";
import { Flag } from "lucide-react";
import { useState } from "react";
import { QuestionView } from "../items/question.tsx";
import { BackTo } from "../lines.tsx";
import { MakeCards } from "../made_cards.tsx";
import { difficultyName } from "../questions/difficulty.ts";
import { ReportQuestion } from "../questions/report_question.tsx";
import type { Quiz, QuizQuestion, Score, Share } from "../result_types.ts";
import { cardsOfQuiz } from "../results_api.ts";
import { type Filter, filtered, verdictOf } from "./attempt.ts";

const share = ({ right, total }: Share): number => (total > 0 ? right / total : 0);

/** What came of an attempt: the score, and each question with its explanations. */
export function Review({ quiz }: { quiz: Quiz }) {
  const { score, questions } = quiz;
  const wrong = filtered(questions, "wrong").length;
  return (
    <article>
      <BackTo path="/study/questions">
        <Trans>All questions</Trans>
      </BackTo>
      <PageHead
        title={score ? percent(share(score)) : t`Finished`}
        lead={
          score && (
            <Trans>
              {number(score.right)} of {number(score.total)} right, {number(score.answered)} answered, in{" "}
              {duration(score.seconds)}.
            </Trans>
          )
        }
        actions={
          wrong > 0 && (
            <MakeCards label={t`Make cards of all wrong answers`} make={() => cardsOfQuiz(quiz.id)} />
          )
        }
      />
      {score && <Shares score={score} />}
      <Answers quiz={quiz} />
    </article>
  );
}

function Shares({ score }: { score: Score }) {
  return (
    <div className="mb-6 grid gap-4 sm:grid-cols-2">
      <Panel title={t`By topic`}>
        <Bars rows={score.by_topic.map((each) => ({ ...each, name: each.topic || t`No topic` }))} />
      </Panel>
      <Panel title={t`By difficulty`}>
        <Bars
          rows={score.by_difficulty.map((each) => ({ ...each, name: difficultyName(each.difficulty) }))}
        />
      </Panel>
    </div>
  );
}

function Bars({ rows }: { rows: readonly (Share & { name: string })[] }) {
  return (
    <ul className="flex flex-col gap-2.5">
      {rows.map(({ name, right, total }) => (
        <li key={name}>
          <p className="flex justify-between gap-3 text-sm">
            <bdi className="min-w-0 break-words">{name}</bdi>
            <span className="figures shrink-0 text-muted">
              <Trans>
                {number(right)} of {number(total)}
              </Trans>
            </span>
          </p>
          <Meter
            label={name}
            value={right}
            max={Math.max(1, total)}
            progress
            text={percent(share({ right, total }))}
          />
        </li>
      ))}
    </ul>
  );
}

function Answers({ quiz }: { quiz: Quiz }) {
  const [filter, setFilter] = useState<Filter>("all");
  const names: [Filter, string][] = [
    ["all", t`All`],
    ["wrong", t`Wrong`],
    ["open", t`Not answered`],
    ["flagged", t`Flagged`],
  ];
  const counted = names
    .map(([each, name]) => ({ each, name, count: filtered(quiz.questions, each).length }))
    .filter(({ each, count }) => each === "all" || count > 0);
  const shown = filtered(quiz.questions, filter);
  return (
    <section aria-label={t`Answers`}>
      {/* biome-ignore lint/a11y/useSemanticElements: these are buttons, and no fields of a form */}
      <div role="group" aria-label={t`Show`} className="mb-2 flex flex-wrap gap-1.5 print:hidden">
        {counted.map(({ each, name, count }) => (
          <Button
            key={each}
            size="sm"
            look={filter === each ? "primary" : "plain"}
            aria-pressed={filter === each}
            onClick={() => setFilter(each)}
          >
            {name} <span className="figures">{number(count)}</span>
          </Button>
        ))}
      </div>
      <ol className="border-line border-t">
        {shown.map((question) => (
          <AnswerRow
            key={question.question_id}
            quiz={quiz.id}
            question={question}
            n={quiz.questions.indexOf(question) + 1}
          />
        ))}
      </ol>
    </section>
  );
}

function AnswerRow({ quiz, question, n }: { quiz: string; question: QuizQuestion; n: number }) {
  const [reporting, setReporting] = useState(false);
  const verdict = verdictOf(question);
  const tone = verdict === "right" ? "good" : verdict === "wrong" ? "bad" : "neutral";
  return (
    <li className="border-line border-b">
      <details className="group">
        <summary className="flex min-h-12 cursor-pointer items-center gap-3 py-2.5 hover:bg-sunken">
          <span className="figures w-7 shrink-0 text-end text-faint text-sm">{number(n)}</span>
          <span dir="auto" className="line-clamp-2 min-w-0 flex-1">
            {question.lead_in}
          </span>
          {question.flagged && (
            <Flag size={14} fill="currentColor" className="text-warn" aria-label={t`Flagged`} />
          )}
          <Badge tone={tone}>
            {verdict === "right" ? t`Right` : verdict === "wrong" ? t`Wrong` : t`Not answered`}
          </Badge>
        </summary>
        <div className="pt-2 pb-5">
          <p className={cx("mb-2 flex flex-wrap gap-2 text-faint text-sm")}>
            <Badge>{difficultyName(question.difficulty)}</Badge>
            <bdi>{question.topic}</bdi>
          </p>
          <QuestionView question={question} chosen={question.option} struck={question.eliminated} />
          <div className="mt-3 flex flex-wrap gap-2">
            <MakeCards small label={t`Make a card`} make={() => cardsOfQuiz(quiz, [question.question_id])} />
            <Button
              size="sm"
              look="quiet"
              icon={<Flag size={15} aria-hidden />}
              onClick={() => setReporting(true)}
            >
              <Trans>Report</Trans>
            </Button>
          </div>
        </div>
      </details>
      {reporting && <ReportQuestion question={question.question_id} onClose={() => setReporting(false)} />}
    </li>
  );
}
