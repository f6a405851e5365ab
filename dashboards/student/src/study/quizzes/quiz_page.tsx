import { t } from "@lingui/core/macro";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTitle } from "../../app/title.ts";
import { Missing } from "../missing.tsx";
import { ResultPage } from "../result_page.tsx";
import { quizQuery } from "../results_api.ts";
import { Review } from "./review.tsx";
import { Running } from "./running.tsx";

/** An attempt at questions: while it goes on, and what came of it. */
export default function QuizPage() {
  const { id = "" } = useParams({ strict: false });
  const { data: told, error, refetch } = useQuery(quizQuery(id));
  useTitle(told && (told.quiz.mode === "exam" ? t`Exam` : t`Quiz`));
  if (!told) return <Missing list="/study/questions" error={error} refetch={refetch} />;
  const { quiz } = told;
  return (
    <ResultPage sources={quiz.questions.flatMap(({ source }) => source ?? [])}>
      {quiz.state === "running" ? (
        <Running key={quiz.id} told={told} onOver={() => void refetch()} />
      ) : (
        <Review quiz={quiz} />
      )}
    </ResultPage>
  );
}
