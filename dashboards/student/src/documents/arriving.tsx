import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { StudyDocument } from "@medai/client";
import { Button, bytes, IconButton, Meter, Notice, number, percent } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { FileText, X } from "lucide-react";
import { useEffect, useState } from "react";
import { told } from "../app/api_message.ts";
import { ProblemNotice } from "../app/limit.tsx";
import { isSearchable, isUnderWay, useDocuments, useReading } from "./documents.ts";
import { stepOf } from "./steps.ts";
import { dismiss, retry, type Upload, useUploads } from "./uploads.ts";

/** More than these are counted, not shown. */
const MOST = 3;

/** What becomes of the files that were added beside a question: how far they are, and what is wrong with one. */
export function Arriving() {
  const uploads = useUploads();
  const { data: documents = [] } = useDocuments();
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const underWay = documents.filter(isUnderWay);
  const ids = underWay.map(({ id }) => id).join();
  useEffect(() => {
    if (ids) setSeen((known) => new Set([...known, ...ids.split(",")]));
  }, [ids]);
  const forget = (id: string) => setSeen((known) => new Set([...known].filter((each) => each !== id)));
  const troubled = documents.filter(
    (document) => document.error && !isUnderWay(document) && seen.has(document.id),
  );
  const rows = [...uploads, ...troubled, ...underWay];
  if (rows.length === 0) return null;
  return (
    <ul aria-label={t`Files on their way`} className="mb-2 flex flex-col gap-2">
      {uploads.slice(0, MOST).map((upload) => (
        <Sending key={upload.id} upload={upload} />
      ))}
      {troubled.slice(0, MOST).map((document) => (
        <Trouble key={document.id} document={document} onDismiss={() => forget(document.id)} />
      ))}
      {underWay.slice(0, MOST).map((document) => (
        <BeingRead key={document.id} document={document} />
      ))}
      {rows.length > MOST && (
        <li className="text-faint text-sm">
          <Link to="/documents" className="underline underline-offset-2">
            <Trans>All {number(rows.length)} under Documents</Trans>
          </Link>
        </li>
      )}
    </ul>
  );
}

const LINE = "flex items-center gap-2.5 text-sm";

function Sending({ upload }: { upload: Upload }) {
  const { id, name, sent, state, problem } = upload;
  if (state === "failed" && problem)
    return (
      <li>
        <p className="mb-1 truncate font-medium text-sm">{name}</p>
        <ProblemNotice
          problem={problem}
          onRetry={problem.status === 415 ? undefined : () => retry(id)}
          onDismiss={() => dismiss(id)}
        />
      </li>
    );
  return (
    <li className={LINE}>
      <FileText size={16} className="shrink-0 text-faint" aria-hidden />
      <span dir="auto" className="min-w-0 truncate">
        {name}
      </span>
      <Meter
        label={t`Uploading ${name}`}
        progress
        value={sent}
        max={upload.bytes}
        className="h-1! w-16 shrink-0"
      />
      <span className="figures ms-auto shrink-0 text-faint">
        {state === "waiting" ? (
          t`waits`
        ) : (
          <>
            <span className="max-sm:hidden">{t`${bytes(sent)} of ${bytes(upload.bytes)}`}</span>
            <span className="sm:hidden">{bytes(upload.bytes)}</span>
          </>
        )}
      </span>
      <IconButton
        label={t`Stop uploading ${name}`}
        size="sm"
        className="size-7!"
        tip={false}
        icon={<X size={15} />}
        onClick={() => dismiss(id)}
      />
    </li>
  );
}

function BeingRead({ document }: { document: StudyDocument }) {
  const { answer } = useReading(document);
  const now = answer?.progress ?? document.progress ?? {};
  return (
    <li className={LINE}>
      <FileText size={16} className="shrink-0 text-faint" aria-hidden />
      <span dir="auto" className="min-w-0 truncate">
        {document.title}
      </span>
      <Meter
        label={t`Reading ${document.title}`}
        progress
        value={now.percent ?? 0}
        max={100}
        className="h-1! w-16 shrink-0"
      />
      <span className="figures ms-auto shrink-0 text-faint">
        <span className="max-sm:hidden">{stepOf(now)}</span>
        <span className="sm:hidden">{percent((now.percent ?? 0) / 100)}</span>
      </span>
    </li>
  );
}

function Trouble({ document, onDismiss }: { document: StudyDocument; onDismiss: () => void }) {
  return (
    <li>
      <Notice
        alert
        tone={isSearchable(document) ? "warn" : "bad"}
        title={document.title}
        actions={
          <>
            <Button size="sm" asChild>
              <Link to="/documents">
                <Trans>Go to your documents</Trans>
              </Link>
            </Button>
            <Button size="sm" look="quiet" onClick={onDismiss}>
              <Trans>Dismiss</Trans>
            </Button>
          </>
        }
      >
        {document.error && told(document.error)}
      </Notice>
    </li>
  );
}
