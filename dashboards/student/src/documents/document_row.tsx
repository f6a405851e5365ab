import { Problem, type StudyDocument } from "@medai/client";
import { Badge, Button, bytes, day, IconButton, Menu, Notice, number, say, type Tone } from "@medai/ui";
import { CircleStop, Ellipsis, FileText, Trash2 } from "lucide-react";
import { useState } from "react";
import { remember } from "../source/passwords.ts";
import { isSearchable, recognise, stopReading, unlock, useReading } from "./documents.ts";
import { PasswordForm } from "./password_form.tsx";
import type { Place } from "./playground.tsx";
import { Reading } from "./reading.tsx";

interface Props {
  document: StudyDocument;
  onDelete: () => void;
  onOpen: (place: Place) => void;
}

const STATES: Record<StudyDocument["status"], [Tone, string]> = {
  uploaded: ["neutral", "Queued"],
  processing: ["neutral", "Being read"],
  ready: ["good", "Ready"],
  partly_ready: ["warn", "Partly read"],
  failed: ["bad", "Not read"],
};

/** A document: what it is, how far it is, and the way out where something is wrong. */
export function DocumentRow({ document, onDelete, onOpen }: Props) {
  const { underWay } = useReading(document);
  const [tone, word] = STATES[document.status];
  const facts = [
    document.pages != null && `${number(document.pages)} ${document.pages === 1 ? "page" : "pages"}`,
    bytes(document.bytes),
    day(document.created_at),
  ].filter(Boolean);
  const open = () => onOpen(wholeOf(document));
  const stop = () => void stopReading(document).catch((error: unknown) => say(Problem.wrap(error).message));
  return (
    <li className="border-line border-b py-3.5">
      <div className="flex items-center gap-3">
        <div className="min-w-0 flex-1">
          <p className="flex min-w-0 items-baseline gap-2.5">
            <button
              type="button"
              className="hit min-w-0 text-start font-medium hover:underline hover:underline-offset-4"
              onClick={open}
            >
              <span className="line-clamp-2 [overflow-wrap:anywhere]">{document.title}</span>
            </button>
            <Badge tone={tone}>{word}</Badge>
          </p>
          <p className="figures text-faint text-sm">{facts.join(" · ")}</p>
        </div>
        <Menu
          label={`What to do with ${document.title}`}
          trigger={
            <IconButton
              label={`More for ${document.title}`}
              tip={false}
              size="sm"
              icon={<Ellipsis size={17} />}
            />
          }
          items={[
            { label: "Open", icon: <FileText size={15} />, onSelect: open },
            ...(underWay ? [{ label: "Stop reading", icon: <CircleStop size={15} />, onSelect: stop }] : []),
            { label: "Delete", icon: <Trash2 size={15} />, danger: true, onSelect: onDelete },
          ]}
        />
      </div>
      {document.check_original && (
        <p className="mt-1 text-muted text-sm">
          Check the original: an earlier version read this, and may have read numbers wrong. It is read again
          automatically.
        </p>
      )}
      {underWay ? <Reading document={document} /> : <WayOut document={document} />}
    </li>
  );
}

const NOWHERE = { n: 0, page: 1, start: 0, end: 0, score: 0 };

/** A document from its beginning, as the panel beside the page shows it. */
export const wholeOf = ({ id, title }: StudyDocument): Place => ({
  marked: false,
  citation: { ...NOWHERE, document_id: id, title },
});

/** What is wrong, in the API's words, and what can be done about it. */
function WayOut({ document }: { document: StudyDocument }) {
  const { answer } = useReading(document);
  const [busy, setBusy] = useState(false);
  const problem = document.error;
  if (!problem) return null;
  const attempt = async (work: Promise<void>) => {
    setBusy(true);
    await work.catch((error: unknown) => say(Problem.wrap(error).message));
    setBusy(false);
  };
  const locked = problem.code === "PDF_NEEDS_PASSWORD" || problem.code === "PDF_WRONG_PASSWORD";
  // A job that could not do what was asked leaves the document as it was, and says why.
  const declined = answer?.phase === "error" && answer.ending?.code !== problem.code;
  return (
    <div className="mt-2.5">
      <Notice
        tone={isSearchable(document) ? "warn" : "bad"}
        actions={
          problem.details?.ocr === true && (
            <Button size="sm" busy={busy} onClick={() => void attempt(recognise(document.id))}>
              Recognise the text
            </Button>
          )
        }
      >
        {problem.message}
        {declined && <strong className="mt-1 block font-medium text-ink">{answer?.ending?.message}</strong>}
        {locked && (
          <PasswordForm
            title={document.title}
            note="It is kept encrypted until the file has been read, and then forgotten."
            busy={busy}
            onSubmit={(password) => {
              remember(document.id, password);
              void attempt(unlock(document.id, password));
            }}
          />
        )}
      </Notice>
    </div>
  );
}
