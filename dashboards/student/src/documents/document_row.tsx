import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { StudyDocument } from "@medai/client";
import { Badge, Button, bytes, day, IconButton, Menu, Notice, say, type Tone } from "@medai/ui";
import { CircleStop, Ellipsis, FileText, Trash2 } from "lucide-react";
import { useState } from "react";
import { told, toldAtEnd } from "../app/api_message.ts";
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

const STATES: Record<StudyDocument["status"], [Tone, MessageDescriptor]> = {
  uploaded: ["neutral", msg`Queued`],
  processing: ["neutral", msg`Being read`],
  ready: ["good", msg`Ready`],
  partly_ready: ["warn", msg`Partly read`],
  failed: ["bad", msg`Not read`],
};

/** A document: what it is, how far it is, and the way out where something is wrong. */
export function DocumentRow({ document, onDelete, onOpen }: Props) {
  const { underWay } = useReading(document);
  const [tone, word] = STATES[document.status];
  const facts = [
    document.pages != null && plural(document.pages, { one: "# page", other: "# pages" }),
    bytes(document.bytes),
    day(document.created_at),
  ].filter(Boolean);
  const open = () => onOpen(wholeOf(document));
  const stop = () => void stopReading(document).catch((error: unknown) => say(told(error)));
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
              <span dir="auto" className="line-clamp-2 [overflow-wrap:anywhere]">
                {document.title}
              </span>
            </button>
            <Badge tone={tone}>{i18n._(word)}</Badge>
          </p>
          <p className="figures text-faint text-sm">{facts.join(" · ")}</p>
        </div>
        <Menu
          label={t`What to do with ${document.title}`}
          trigger={
            <IconButton
              label={t`More for ${document.title}`}
              tip={false}
              size="sm"
              icon={<Ellipsis size={17} />}
            />
          }
          items={[
            { label: t`Open`, icon: <FileText size={15} />, onSelect: open },
            ...(underWay ? [{ label: t`Stop reading`, icon: <CircleStop size={15} />, onSelect: stop }] : []),
            { label: t`Delete`, icon: <Trash2 size={15} />, danger: true, onSelect: onDelete },
          ]}
        />
      </div>
      {document.check_original && (
        <p className="mt-1 text-muted text-sm">
          <Trans>
            Check the original: an earlier version read this, and may have read numbers wrong. It is read
            again automatically.
          </Trans>
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
    await work.catch((error: unknown) => say(told(error)));
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
              <Trans>Recognise the text</Trans>
            </Button>
          )
        }
      >
        {told(problem)}
        {declined && (
          <strong className="mt-1 block font-medium text-ink">
            {answer?.ending && toldAtEnd(answer.ending)}
          </strong>
        )}
        {locked && (
          <PasswordForm
            title={document.title}
            note={t`It is kept encrypted until the file has been read, and then forgotten.`}
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
