import type { Citation, Message } from "@medai/client";
import { Button, IconButton, say } from "@medai/ui";
import { ChevronLeft, ChevronRight, Copy, Pencil, RotateCcw } from "lucide-react";
import { type KeyboardEvent, memo, type ReactNode, useEffect, useRef, useState } from "react";
import { AnswerView, useShown } from "./answer.tsx";
import { placeOf, type Turn } from "./branches.ts";
import { commandOf } from "./commands.ts";

interface Props {
  turn: Turn;
  /** An answer is being written somewhere in the conversation. */
  busy: boolean;
  editing: boolean;
  onEdit: (question: Message | undefined) => void;
  onResend: (question: Message, content: string) => void;
  onRegenerate: (question: Message) => void;
  onChoose: (place: string, id: string) => void;
  onCite: (citation: Citation) => void;
}

/** A question and the answer to it. */
export const TurnView = memo(function TurnView(props: Props) {
  const { turn, busy, editing, onEdit, onResend, onRegenerate, onChoose, onCite } = props;
  const { question, answer } = turn;
  const shown = useShown(answer);
  const settled = answer !== undefined && answer.status !== "pending";
  const regenerate = () => onRegenerate(question);
  return (
    <article className="group/turn mx-auto w-full max-w-[46rem] px-4 pt-7 sm:px-6">
      {editing ? (
        <Editor
          content={question.content}
          onCancel={() => onEdit(undefined)}
          onSend={(content) => onResend(question, content)}
        />
      ) : (
        <Question message={question} />
      )}
      {!editing && (
        <Bar label="Question">
          <Siblings of={question} among={turn.wordings} name="Wording" onChoose={onChoose} />
          <IconButton
            label="Edit and ask anew"
            size="sm"
            icon={<Pencil size={15} />}
            disabled={busy}
            onClick={() => onEdit(question)}
          />
          <CopyButton text={question.content} what="question" />
        </Bar>
      )}
      <div className="mt-1.5 min-h-14">
        {answer && shown && (
          <AnswerView shown={shown} message={answer} onCite={onCite} onRetry={regenerate} />
        )}
      </div>
      {answer && settled && (
        <Bar label="Answer">
          <Siblings of={answer} among={turn.answers} name="Answer" onChoose={onChoose} />
          {shown && shown.text !== "" && <CopyButton text={shown.text} what="answer" />}
          <IconButton
            label="Answer anew"
            size="sm"
            icon={<RotateCcw size={15} />}
            disabled={busy}
            onClick={regenerate}
          />
        </Bar>
      )}
    </article>
  );
});

function Question({ message }: { message: Message }) {
  const command = commandOf(message.content);
  const pictures = message.attachments ?? [];
  return (
    <div className="border-accent border-s-[3px] ps-4">
      {pictures.length > 0 && (
        <div className="mb-2 flex flex-wrap gap-2">
          {pictures.map(({ id, url, width, height }) => (
            <a key={id} href={url} target="_blank" rel="noreferrer">
              <img
                src={url}
                width={width}
                height={height}
                alt="Sent with the question"
                className="h-28 w-auto max-w-full rounded-md object-cover"
              />
            </a>
          ))}
        </div>
      )}
      <h2 className="whitespace-pre-wrap break-words font-sans font-semibold text-[1.0625rem] leading-snug tracking-normal [text-wrap:pretty]">
        {command ? (
          <>
            <span className="text-accent">/{command.command.name}</span> {command.topic}
          </>
        ) : (
          message.content
        )}
      </h2>
    </div>
  );
}

/** Shown for the turn that is pointed at or focused; on touch screens always. */
function Bar({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div
      role="toolbar"
      aria-label={label}
      className="-ms-1.5 mt-1 flex h-8 pointer-coarse:h-10 items-center gap-0.5 pointer-coarse:gap-2 opacity-100 transition-opacity group-focus-within/turn:opacity-100 group-hover/turn:opacity-100 [@media(hover:hover)]:opacity-0"
    >
      {children}
    </div>
  );
}

function Siblings({
  of,
  among,
  name,
  onChoose,
}: {
  of: Message;
  among: Message[];
  name: string;
  onChoose: (place: string, id: string) => void;
}) {
  if (among.length < 2) return null;
  const at = among.findIndex(({ id }) => id === of.id);
  const go = (to: number) => {
    const other = among[to];
    if (other) onChoose(placeOf(of), other.id);
  };
  return (
    <span className="figures inline-flex items-center text-faint text-sm">
      <IconButton
        label={`${name} before`}
        size="sm"
        icon={<ChevronLeft size={16} />}
        disabled={at <= 0}
        onClick={() => go(at - 1)}
      />
      <span aria-live="polite">
        <span className="sr-only">{name} </span>
        {at + 1} / {among.length}
      </span>
      <IconButton
        label={`Next ${name.toLowerCase()}`}
        size="sm"
        icon={<ChevronRight size={16} />}
        disabled={at >= among.length - 1}
        onClick={() => go(at + 1)}
      />
    </span>
  );
}

function CopyButton({ text, what }: { text: string; what: string }) {
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    say("Copied");
  };
  return (
    <IconButton label={`Copy ${what}`} size="sm" icon={<Copy size={15} />} onClick={() => void copy()} />
  );
}

function Editor({
  content,
  onCancel,
  onSend,
}: {
  content: string;
  onCancel: () => void;
  onSend: (content: string) => void;
}) {
  const [text, setText] = useState(content);
  const box = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    const area = box.current;
    area?.focus();
    area?.setSelectionRange(area.value.length, area.value.length);
  }, []);
  const send = () => text.trim() !== "" && onSend(text.trim());
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === "Escape") onCancel();
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      send();
    }
  };
  return (
    <div className="rounded-lg border border-accent bg-surface p-2 shadow-card">
      <textarea
        ref={box}
        aria-label="The question in other words"
        value={text}
        rows={Math.min(10, text.split("\n").length + 1)}
        maxLength={10_000}
        className="w-full resize-none bg-transparent px-2 py-1 text-[1.0313rem] outline-none"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="flex items-center justify-end gap-2">
        <span className="me-auto ps-2 text-faint text-xs">Makes a branch; this one stays.</span>
        <Button size="sm" look="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="sm" look="primary" onClick={send}>
          Ask
        </Button>
      </div>
    </div>
  );
}
