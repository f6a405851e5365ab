import { Problem } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { say } from "@medai/ui";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { told } from "../../app/api_message.ts";
import type { Answered, Quiz } from "../result_types.ts";
import { answer, quizQuery } from "../results_api.ts";
import { saved, shown, type Unsaved } from "./attempt.ts";

/** An attempt with what was done a moment ago: it is stored one thing after the other, and stays where the line is cut. */
export function useAttempt(quiz: Quiz) {
  const [unsaved, setUnsaved] = useState<Unsaved>({});
  /** Those that could not be stored, because the network is away. */
  const [stuck, setStuck] = useState<Unsaved>({});
  const line = useRef<Promise<void>>(Promise.resolve());
  const id = quiz.id;

  const store = useCallback(
    (question: string, done: Answered) => {
      setStuck((known) => saved(known, question, known[question] ?? done));
      line.current = line.current.then(async () => {
        try {
          await answer(id, question, done);
          setUnsaved((known) => saved(known, question, done));
        } catch (error) {
          if (Problem.wrap(error).code === "OFFLINE")
            return setStuck((known) => ({ ...known, [question]: done }));
          setUnsaved((known) => saved(known, question, done));
          say(told(error));
          // It may have ended, or been answered in another tab.
          await queryClient.invalidateQueries({ queryKey: quizQuery(id).queryKey });
        }
      });
    },
    [id],
  );
  const change = useCallback(
    (question: string, done: Answered | undefined) => {
      if (!done) return;
      setUnsaved((known) => ({ ...known, [question]: done }));
      store(question, done);
    },
    [store],
  );
  const retry = () => {
    for (const [question, done] of Object.entries(unsaved)) store(question, done);
  };
  const again = useRef(retry);
  again.current = retry;
  useEffect(() => {
    const onLine = () => again.current();
    window.addEventListener("online", onLine);
    return () => window.removeEventListener("online", onLine);
  }, []);
  return {
    questions: useMemo(() => shown(quiz.questions, unsaved), [quiz.questions, unsaved]),
    change,
    /** Whether something is not stored, and will not be by itself. */
    stuck: Object.keys(stuck).length > 0,
    retry,
    /** When all that was done is stored, or cannot be. */
    settled: () => line.current,
  };
}
