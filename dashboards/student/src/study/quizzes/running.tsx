import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Confirm, cx, IconButton, Notice, number, say } from "@medai/ui";
import { ChevronLeft, ChevronRight, Flag } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { told as words } from "../../app/api_message.ts";
import { LETTERS } from "../items/keys.ts";
import { QuestionView } from "../items/question.tsx";
import type { QuizQuestion } from "../result_types.ts";
import { finish, type ToldQuiz } from "../results_api.ts";
import { chosen, firstOpen, flagged, isRevealed, struck } from "./attempt.ts";
import { Navigator } from "./navigator.tsx";
import { Timer } from "./timer.tsx";
import { useAttempt } from "./use_attempt.ts";
import { useQuizKeys } from "./use_quiz_keys.ts";

/** Where an attempt was, so that a reload finds it there. */
const placeKey = (id: string) => `quiz ${id}`;

/** An attempt that goes on: one question at a time. */
export function Running({ told, onOver }: { told: ToldQuiz; onOver: () => void }) {
  const { quiz } = told;
  const { questions, change, stuck, retry, settled } = useAttempt(quiz);
  const [at, setAt] = useState(() => {
    const kept = Number.parseInt(sessionStorage.getItem(placeKey(quiz.id)) ?? "", 10);
    return kept >= 0 && kept < questions.length ? kept : firstOpen(questions);
  });
  // In a tutorial, what is chosen counts when it is checked.
  const [picked, setPicked] = useState<{ id: string; option: number }>();
  const [ending, setEnding] = useState(false);
  const [busy, setBusy] = useState(false);
  const head = useRef<HTMLHeadingElement>(null);
  const question = questions[at];
  const last = questions.length - 1;

  const go = (to: number) => {
    const next = Math.max(0, Math.min(to, last));
    if (next === at) return;
    sessionStorage.setItem(placeKey(quiz.id), String(next));
    setPicked(undefined);
    setAt(next);
  };
  const first = useRef(at);
  useEffect(() => {
    if (first.current === at) return;
    first.current = at;
    head.current?.focus({ preventScroll: true });
    head.current?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const tutor = quiz.mode === "tutor";
  const revealed = question !== undefined && isRevealed(question);
  const choice = picked && picked.id === question?.question_id ? picked.option : (question?.option ?? null);
  const pending = tutor && !revealed && question?.option != null;
  const choose = (option: number) => {
    if (!question || revealed || pending) return;
    if (!tutor) return change(question.question_id, chosen(question, option));
    if (option >= question.options.length) return;
    setPicked({ id: question.question_id, option });
    if (question.eliminated.includes(option))
      change(question.question_id, struck(question, option, quiz.mode));
  };
  const strike = (option: number) => {
    if (!question || pending) return;
    if (tutor && choice === option) setPicked(undefined);
    change(question.question_id, struck(question, option, quiz.mode));
  };
  const check = () => {
    if (question && choice !== null && !revealed && !pending)
      change(question.question_id, chosen(question, choice));
  };
  const flag = () => question && change(question.question_id, flagged(question));
  const onward = () => (at === last ? setEnding(true) : go(at + 1));
  const main = tutor && !revealed ? check : onward;
  useQuizKeys({
    options: question?.options.length ?? 0,
    choose,
    strike,
    flag,
    main,
    turn: (by) => go(at + by),
  });

  const end = async () => {
    setBusy(true);
    try {
      await settled();
      await finish(quiz.id);
      sessionStorage.removeItem(placeKey(quiz.id));
    } catch (error) {
      say(words(error));
    } finally {
      setBusy(false);
      setEnding(false);
    }
  };
  const open = questions.filter(({ option }) => option === null).length;
  if (!question) return null;
  return (
    <>
      <div className="sticky top-0 z-10 -mx-4 -mt-6 mb-4 border-line border-b bg-paper px-4 pt-2 sm:-mx-8 sm:-mt-10 sm:px-8">
        <div className="flex items-center gap-3">
          <h1 ref={head} tabIndex={-1} className="min-w-0 flex-1 truncate text-lg outline-none">
            <Trans>
              Question {number(at + 1)} of {number(questions.length)}
            </Trans>
          </h1>
          <Timer told={told} onOver={onOver} />
          <IconButton
            label={question.flagged ? t`Take the flag off` : t`Flag this question`}
            tip={false}
            aria-pressed={question.flagged}
            className={cx(question.flagged && "text-warn!")}
            icon={<Flag size={18} fill={question.flagged ? "currentColor" : "none"} />}
            onClick={flag}
          />
          <Button size="sm" onClick={() => setEnding(true)}>
            <Trans>Finish</Trans>
          </Button>
        </div>
        <Navigator questions={questions} at={at} onGo={go} />
      </div>
      {stuck && (
        <div className="mb-4">
          <Notice
            alert
            tone="warn"
            actions={
              <Button size="sm" onClick={retry}>
                <Trans>Save again</Trans>
              </Button>
            }
          >
            <Trans>The last answer is not saved: the server can’t be reached.</Trans>
          </Notice>
        </div>
      )}
      <QuestionView
        key={question.question_id}
        question={question}
        chosen={choice}
        struck={question.eliminated}
        onChoose={choose}
        onStrike={strike}
      />
      <Told question={question} />
      <Bar
        at={at}
        last={last}
        checks={tutor && !revealed}
        can={tutor && !revealed ? choice !== null && !pending : true}
        onBack={() => go(at - 1)}
        onMain={main}
      />
      <Confirm
        open={ending}
        onClose={() => setEnding(false)}
        title={quiz.mode === "exam" ? t`Finish the exam?` : t`Finish the quiz?`}
        description={
          open > 0
            ? plural(open, {
                one: "# question is not answered. Afterwards nothing can be changed.",
                other: "# questions are not answered. Afterwards nothing can be changed.",
              })
            : t`All questions are answered. Afterwards nothing can be changed.`
        }
        action={t`Finish`}
        harmless
        busy={busy}
        onConfirm={() => void end()}
      />
    </>
  );
}

/** What is heard once an answer was checked. */
function Told({ question: { option, answer } }: { question: QuizQuestion }) {
  return (
    <p role="status" className="sr-only">
      {answer != null && option !== null
        ? option === answer
          ? t`Right.`
          : t`Wrong. The right answer is ${LETTERS[answer] ?? ""}.`
        : ""}
    </p>
  );
}

interface BarProps {
  at: number;
  last: number;
  /** The next thing is to check the answer. */
  checks: boolean;
  can: boolean;
  onBack: () => void;
  onMain: () => void;
}

/** The ways on, where a thumb finds them. */
function Bar({ at, last, checks, can, onBack, onMain }: BarProps) {
  return (
    <div className="sticky bottom-0 z-10 -mx-4 mt-5 flex items-center gap-2 border-line border-t bg-paper px-4 pt-2 pb-[max(0.5rem,env(safe-area-inset-bottom))] sm:-mx-8 sm:px-8">
      <IconButton
        label={t`Previous question`}
        icon={<ChevronLeft size={18} className="rtl:-scale-x-100" />}
        disabled={at === 0}
        onClick={onBack}
      />
      <p className="flex-1 text-center text-faint text-xs pointer-coarse:hidden max-sm:hidden">
        <Trans>Keys: A to D answer, with Shift they strike out, F flags, Enter goes on</Trans>
      </p>
      <Button look="primary" className="max-sm:flex-1" disabled={!can} onClick={onMain}>
        {checks ? t`Check the answer` : at === last ? t`Finish` : t`Next`}
        {!checks && at < last && <ChevronRight size={16} className="rtl:-scale-x-100" aria-hidden />}
      </Button>
    </div>
  );
}
