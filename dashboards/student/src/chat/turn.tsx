import { t } from "@lingui/core/macro";
import type { Message } from "@medai/client";
import { IconButton } from "@medai/ui";
import { Pencil, Printer, RotateCcw } from "lucide-react";
import { memo, useRef } from "react";
import { EDIT } from "../app/focus.ts";
import type { Cited } from "../source/cited.ts";
import { AnswerView, useShown } from "./answer.tsx";
import { AnsweredBy } from "./answered_by.tsx";
import { Bar, BarPlace, CopyButton, Siblings } from "./bars.tsx";
import type { Turn } from "./branches.ts";
import { Editor } from "./editor.tsx";
import { Feedback } from "./feedback.tsx";
import { FollowUps } from "./follow_ups.tsx";
import { printOnly } from "./print.ts";
import { Question } from "./question.tsx";
import { SpeakButton } from "./speak.tsx";

interface Props {
  turn: Turn;
  /** An answer is being written somewhere in the conversation. */
  busy: boolean;
  editing: boolean;
  /** Whether its answer is rendered, or only there as text. */
  written: boolean;
  /** Whether it is in sight or about to be: only then what can be done with it is there too. */
  near: boolean;
  searchedSince: string | undefined;
  onEdit: (question: Message | undefined) => void;
  onResend: (question: Message, content: string) => void;
  onRegenerate: (question: Message) => void;
  onChoose: (place: string, id: string) => void;
  onCite: (citation: Cited) => void;
  /** Of the last turn: takes what may be asked next. */
  onFollowUp: ((text: string) => void) | undefined;
}

/** A question and the answer to it. */
export const TurnView = memo(function TurnView(props: Props) {
  const { turn, busy, editing, written, near, searchedSince } = props;
  const { onEdit, onResend, onRegenerate, onChoose, onCite, onFollowUp } = props;
  const { question, answer } = turn;
  const article = useRef<HTMLElement>(null);
  const shown = useShown(answer);
  const settled = answer !== undefined && answer.status !== "pending";
  const regenerate = () => onRegenerate(question);
  return (
    <article
      ref={article}
      data-messages={answer ? `${question.id} ${answer.id}` : question.id}
      className="group/turn mx-auto w-full max-w-[46rem] px-4 pt-7 sm:px-6 print:max-w-none print:px-0"
    >
      {editing ? (
        <Editor
          content={question.content}
          onCancel={() => onEdit(undefined)}
          onSend={(content) => onResend(question, content)}
        />
      ) : (
        <Question message={question} />
      )}
      {!editing && !near && <BarPlace />}
      {!editing && near && (
        <Bar label={t`Question`}>
          <Siblings of={question} among={turn.wordings} name="wording" onChoose={onChoose} />
          <IconButton
            label={t`Edit question`}
            size="sm"
            icon={<Pencil size={15} />}
            disabled={busy}
            data-focus={EDIT(question.id)}
            onClick={() => onEdit(question)}
          />
          <CopyButton text={question.content} label={t`Copy question`} />
        </Bar>
      )}
      <div className="mt-1.5 min-h-14 print:min-h-0">
        {answer && shown && (
          <AnswerView
            shown={shown}
            message={answer}
            question={question}
            searchedSince={searchedSince}
            written={written}
            onCite={onCite}
            onRetry={regenerate}
          />
        )}
      </div>
      {answer && settled && !near && <BarPlace />}
      {answer && settled && near && (
        <Bar label={t`Answer`} always>
          <Siblings of={answer} among={turn.answers} name="answer" onChoose={onChoose} />
          {shown && shown.text !== "" && <CopyButton text={shown.text} label={t`Copy answer`} />}
          <IconButton
            label={t`Regenerate`}
            size="sm"
            icon={<RotateCcw size={15} />}
            disabled={busy}
            onClick={regenerate}
          />
          <IconButton
            label={t`Print answer`}
            size="sm"
            icon={<Printer size={15} />}
            onClick={() => article.current && printOnly(article.current)}
          />
          <SpeakButton turn={article} />
          <Feedback answer={answer} />
          <AnsweredBy message={answer} />
        </Bar>
      )}
      {onFollowUp && near && shown?.face === "done" && shown.text !== "" && (
        <FollowUps
          question={question.content}
          answer={shown.text}
          citations={shown.citations ?? []}
          onPick={onFollowUp}
        />
      )}
    </article>
  );
});
