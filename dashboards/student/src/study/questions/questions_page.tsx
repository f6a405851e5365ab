import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Button, clock, Empty, number, PageHead, percent } from "@medai/ui";
import { useTitle } from "../../app/title.ts";
import { Listed } from "../listed.tsx";
import { quizPath, setPath } from "../paths.ts";
import { ResultMenu } from "../result_menu.tsx";
import { ResultPage } from "../result_page.tsx";
import type { ListedQuiz, QuestionSet } from "../result_types.ts";
import { useList } from "../results_api.ts";
import { Step } from "../step.tsx";
import { StartPanel } from "./start_panel.tsx";

/** The sets of questions, a quiz of them, and those that were taken. */
export default function QuestionsPage() {
  useTitle(t`Questions`);
  const sets = useList("question-sets");
  const quizzes = useList("quizzes");
  const running = quizzes.items?.filter(({ state }) => state === "running") ?? [];
  const some = (sets.items?.length ?? 0) > 0;
  return (
    <ResultPage>
      <PageHead title={t`Questions`} lead={t`What /mcq made, and quizzes of it.`} />
      {running.map((quiz) => (
        <Running key={quiz.id} quiz={quiz} />
      ))}
      {some && <StartPanel sets={sets.items ?? []} />}
      <h2 className="mt-8 mb-3 text-xl">
        <Trans>Sets</Trans>
      </h2>
      <Listed
        label={t`Sets`}
        list={sets}
        empty={
          <Empty title={t`No questions yet`}>
            <Trans>Ask with /mcq and a topic, and they are kept here.</Trans>
          </Empty>
        }
      >
        {(set) => <SetRow set={set} />}
      </Listed>
      {(quizzes.items?.length ?? 0) > running.length && (
        <>
          <h2 className="mt-8 mb-3 text-xl">
            <Trans>Taken</Trans>
          </h2>
          <Listed
            label={t`Quizzes`}
            list={{ ...quizzes, items: quizzes.items?.filter(({ state }) => state === "finished") }}
            empty={null}
          >
            {(quiz) => <TakenRow quiz={quiz} />}
          </Listed>
        </>
      )}
    </ResultPage>
  );
}

function Running({ quiz }: { quiz: ListedQuiz }) {
  return (
    <div className="mb-4 flex flex-wrap items-center justify-between gap-3 rounded-lg border border-accent/30 bg-accent-soft px-4 py-3">
      <p>
        {quiz.mode === "exam" ? t`An exam is going on.` : t`A quiz is going on.`}{" "}
        <span className="text-muted text-sm">
          <Trans>Begun at {clock(quiz.started_at)}</Trans>
        </span>
      </p>
      <Button look="primary" asChild>
        <Step path={quizPath(quiz.id)}>
          <Trans>Continue</Trans>
        </Step>
      </Button>
    </div>
  );
}

function SetRow({ set }: { set: QuestionSet }) {
  return (
    <>
      <div className="min-w-0 flex-1">
        <Step path={setPath(set.id)} className="font-medium hover:underline">
          <span dir="auto" className="line-clamp-2 [overflow-wrap:anywhere]">
            {set.title}
          </span>
        </Step>
        <p className="flex flex-wrap items-baseline gap-x-2 text-faint text-sm">
          <span className="figures">{plural(set.count, { one: "# question", other: "# questions" })}</span>
          {set.reported > 0 && (
            <Badge tone="warn">{plural(set.reported, { one: "# reported", other: "# reported" })}</Badge>
          )}
          <span dir="auto" className="line-clamp-1">
            {set.topics.join(", ")}
          </span>
        </p>
      </div>
      <ResultMenu
        kind="question-sets"
        of={set}
        lost={t`Its questions are gone for good. Quizzes that have them keep them.`}
      />
    </>
  );
}

function TakenRow({ quiz }: { quiz: ListedQuiz }) {
  const { right, total } = quiz;
  return (
    <div className="min-w-0 flex-1">
      <Step path={quizPath(quiz.id)} className="font-medium hover:underline">
        {quiz.mode === "exam" ? t`Exam` : t`Tutor`}, {clock(quiz.started_at)}
      </Step>
      {right !== null && (
        <p className="figures text-faint text-sm">
          <Trans>
            {number(right)} of {number(total)} right, {percent(total > 0 ? right / total : 0)}
          </Trans>
        </p>
      )}
    </div>
  );
}
