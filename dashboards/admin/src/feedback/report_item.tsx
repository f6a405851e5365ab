import { useTries } from "@medai/client/react";
import { ago, Badge, Button, Dialog, say, TextArea } from "@medai/ui";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { exact } from "../parts/figures.ts";
import { featureName, providerName } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { handle, KIND_NAMES, type Report } from "./feedback.ts";

const LONGEST = 1000;

/** A report: what is wrong, whose answer it was, and what came of it. */
export function ReportItem({ report }: { report: Report }) {
  const may = useMay();
  const [handling, setHandling] = useState(false);
  const { kind, reason, question, answer, feature, provider, model } = report;
  return (
    <li className="flex flex-col gap-2.5 border-line border-b py-4 first:pt-1 last:border-b-0 last:pb-1">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
        <Badge tone={kind === "unsafe" ? "bad" : "warn"}>{KIND_NAMES[kind]}</Badge>
        <span className="min-w-0 text-muted text-sm [overflow-wrap:anywhere]">
          {featureName(feature)} · {provider ? providerName(provider) : "Unknown"}
          {model && ` · ${model}`} ·{" "}
          <time dateTime={report.reported_at} title={exact(report.reported_at)}>
            {ago(report.reported_at)}
          </time>
        </span>
        {may("ManageFeedback") && (
          <Button size="sm" className="ms-auto" onClick={() => setHandling(true)}>
            {report.handled_at ? "Change the note" : "Mark as handled"}
          </Button>
        )}
      </div>
      <p dir="auto" className="max-w-[70ch] whitespace-pre-wrap [overflow-wrap:anywhere]">
        {reason ?? <span className="text-faint">Without a word.</span>}
      </p>
      {answer == null ? (
        <p className="text-faint text-sm">The student did not agree to show question and answer.</p>
      ) : (
        <details className="max-w-[80ch]">
          <summary className="cursor-pointer py-1 text-accent text-sm">Question and answer</summary>
          <Said what="Question" text={question ?? ""} />
          <Said what="Answer" text={answer} />
        </details>
      )}
      {report.handled_at && (
        <p className="text-sm [overflow-wrap:anywhere]">
          <Badge tone="good">Handled</Badge>{" "}
          <span className="text-muted">
            by {report.handled_by}, {ago(report.handled_at)}
          </span>
          {report.note && <span className="mt-1 block whitespace-pre-wrap">{report.note}</span>}
        </p>
      )}
      {handling && <HandleDialog report={report} onClose={() => setHandling(false)} />}
    </li>
  );
}

/** As it was written: what is wrong may be in its marks. */
function Said({ what, text }: { what: string; text: string }) {
  return (
    <div className="mt-2 rounded-md bg-sunken p-3">
      <p className="mb-1 text-faint text-xs">{what}</p>
      <p dir="auto" className="whitespace-pre-wrap text-[0.9375rem] [overflow-wrap:anywhere]">
        {text}
      </p>
    </div>
  );
}

function HandleDialog({ report, onClose }: { report: Report; onClose: () => void }) {
  const [note, setNote] = useState(report.note ?? "");
  const { problem, busy, attempt } = useTries();
  return (
    <Dialog
      open
      onClose={onClose}
      title="Mark as handled"
      description="The note is for admins, and stands in the audit log."
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(async () => {
            await handle(report.id, note);
            say("Marked as handled");
            onClose();
          });
        }}
      >
        <TextArea
          label="Note"
          hint={`What was found or done. Up to ${LONGEST} characters.`}
          value={note}
          rows={3}
          maxLength={LONGEST}
          onChange={(event) => setNote(event.target.value)}
        />
        {problem && <Refused error={problem} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
