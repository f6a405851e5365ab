import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, IconButton, isTyping, Meter, number, say } from "@medai/ui";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type KeyboardEvent, useState } from "react";
import { told } from "../../app/api_message.ts";
import { quizPath, setPath } from "../paths.ts";
import type { Material, Question } from "../result_types.ts";
import { startQuiz } from "../results_api.ts";
import { Step, useStep } from "../step.tsx";
import { LETTERS, optionKey } from "./keys.ts";
import { BEGUN, choose, type Practice, scoreOf, strike, turnTo } from "./practice.ts";
import { QuestionView } from "./question.tsx";

interface Props {
  questions: readonly Question[];
  material: Material | undefined;
}

/** Questions one after the other, each with its explanations as soon as it was answered. */
export function PracticeView({ questions, material }: Props) {
  const [practice, setPractice] = useState<Practice>(BEGUN);
  const of = questions.length;
  const at = Math.min(practice.at, of - 1);
  const question = questions[at];
  if (!question) return null;
  const { answered, right } = scoreOf(practice, questions);
  const chosen = practice.chosen[question.id] ?? null;
  const turn = (by: number) => setPractice((known) => turnTo(known, at + by, of));
  const onChoose = (option: number) => setPractice((known) => choose(known, question, option));
  const onStrike = (option: number) => setPractice((known) => strike(known, question, option));
  const onKeyDown = (event: KeyboardEvent) => {
    if (isTyping(event.target)) return;
    const key = optionKey(event.nativeEvent, question.options.length);
    if (!key) return;
    event.preventDefault();
    if (key.strike) onStrike(key.option);
    else onChoose(key.option);
  };
  return (
    <section aria-label={t`Questions`} className="flex flex-col gap-3 print:hidden" onKeyDown={onKeyDown}>
      <div className="figures flex items-center gap-3 text-muted text-sm">
        <span>
          <Trans>
            Question {number(at + 1)} of {number(of)}
          </Trans>
        </span>
        <Meter
          label={t`Answered`}
          value={answered}
          max={of}
          progress
          text={t`${number(answered)} of ${number(of)}`}
          className="flex-1"
        />
        <span>
          <Trans>
            {number(right)} of {number(answered)} right
          </Trans>
        </span>
      </div>
      <QuestionView
        key={question.id}
        question={{ ...question, answer: chosen === null ? null : question.answer }}
        chosen={chosen}
        struck={practice.struck[question.id] ?? []}
        onChoose={onChoose}
        onStrike={onStrike}
      />
      <p role="status" className="sr-only">
        {chosen === null
          ? ""
          : chosen === question.answer
            ? t`Right.`
            : t`Wrong. The right answer is ${LETTERS[question.answer] ?? ""}.`}
      </p>
      <div className="flex flex-wrap items-center gap-2">
        <IconButton
          label={t`Previous question`}
          icon={<ChevronLeft size={18} className="rtl:-scale-x-100" />}
          disabled={at === 0}
          onClick={() => turn(-1)}
        />
        <Button look={chosen === null ? "plain" : "primary"} disabled={at >= of - 1} onClick={() => turn(1)}>
          <Trans>Next</Trans> <ChevronRight size={16} className="rtl:-scale-x-100" aria-hidden />
        </Button>
        {material?.kind === "question_set" && <TakeExam set={material.id} count={of} />}
      </div>
    </section>
  );
}

function TakeExam({ set, count }: { set: string; count: number }) {
  const go = useStep();
  const [busy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    try {
      const quiz = await startQuiz({
        question_set_ids: [set],
        count,
        mode: "exam",
        seconds_per_question: 90,
      });
      go(quizPath(quiz.id));
    } catch (error) {
      say(told(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <span className="ms-auto flex flex-wrap gap-2">
      <Button look="quiet" asChild>
        <Step path={setPath(set)}>
          <Trans>Open the set</Trans>
        </Step>
      </Button>
      <Button busy={busy} onClick={() => void start()}>
        <Trans>Take as exam</Trans>
      </Button>
    </span>
  );
}
