import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Button, number, PageHead, say } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Flag } from "lucide-react";
import { useState } from "react";
import { told } from "../../app/api_message.ts";
import { useTitle } from "../../app/title.ts";
import { QuestionView } from "../items/question.tsx";
import { BackTo, MadeOn } from "../lines.tsx";
import { Missing } from "../missing.tsx";
import { ResultMenu } from "../result_menu.tsx";
import { ResultPage } from "../result_page.tsx";
import type { SetQuestion } from "../result_types.ts";
import { setQuery, takeBackReport } from "../results_api.ts";
import { useStep } from "../step.tsx";
import { difficultyName } from "./difficulty.ts";
import { ReportQuestion } from "./report_question.tsx";
import { StartPanel } from "./start_panel.tsx";

const LIST = "/study/questions";

/** One set: a quiz of it, and its questions with their answers, to be looked through. */
export default function SetPage() {
  const { id = "" } = useParams({ strict: false });
  const { data: set, error, refetch } = useQuery(setQuery(id));
  useTitle(set?.title);
  const go = useStep();
  if (!set) return <Missing list={LIST} error={error} refetch={refetch} />;
  return (
    <ResultPage sources={set.questions.flatMap(({ source }) => source ?? [])}>
      <BackTo path={LIST}>
        <Trans>All sets</Trans>
      </BackTo>
      <PageHead
        title={set.title}
        lead={plural(set.count, { one: "# question", other: "# questions" })}
        actions={
          <ResultMenu
            kind="question-sets"
            of={set}
            lost={t`Its questions are gone for good. Quizzes that have them keep them.`}
            onRemoved={() => go(LIST)}
          />
        }
      />
      <StartPanel sets={[set]} only={set} />
      <h2 className="mt-8 mb-3 text-xl">
        <Trans>Questions</Trans>
      </h2>
      <ol aria-label={t`Questions`} className="border-line border-t">
        {set.questions.map((question, at) => (
          <QuestionRow key={question.id} question={question} n={at + 1} />
        ))}
      </ol>
      <div className="mt-4">
        <MadeOn at={set.created_at} />
      </div>
    </ResultPage>
  );
}

/** A question without its answer, until that is asked for. */
function QuestionRow({ question, n }: { question: SetQuestion; n: number }) {
  const [shown, setShown] = useState(false);
  const [reporting, setReporting] = useState(false);
  const takeBack = () => void takeBackReport(question.id).catch((error: unknown) => say(told(error)));
  return (
    <li className="border-line border-b py-5">
      <p className="mb-2 flex flex-wrap items-center gap-2 text-faint text-sm">
        <Trans>Question {number(n)}</Trans>
        <Badge>{difficultyName(question.difficulty)}</Badge>
        <bdi>{question.topic}</bdi>
        {question.reported && (
          <Badge tone="warn">
            <Trans>Reported</Trans>
          </Badge>
        )}
      </p>
      <QuestionView
        question={shown ? question : { ...question, answer: null, source: null }}
        chosen={null}
        struck={[]}
      />
      <div className="mt-3 flex flex-wrap gap-2 print:hidden">
        {question.answer == null ? (
          <p className="text-faint text-sm">
            <Trans>Its answer is shown when the exam that asks it is over.</Trans>
          </p>
        ) : (
          <Button size="sm" aria-expanded={shown} onClick={() => setShown(!shown)}>
            {shown ? t`Hide the answer` : t`Show the answer`}
          </Button>
        )}
        {question.reported ? (
          <Button size="sm" look="quiet" onClick={takeBack}>
            <Trans>Take the report back</Trans>
          </Button>
        ) : (
          <Button
            size="sm"
            look="quiet"
            icon={<Flag size={15} aria-hidden />}
            onClick={() => setReporting(true)}
          >
            <Trans>Report</Trans>
          </Button>
        )}
      </div>
      {reporting && <ReportQuestion question={question.id} onClose={() => setReporting(false)} />}
    </li>
  );
}
