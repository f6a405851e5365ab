import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Problem } from "@medai/client";
import { Button, bytes, Dialog, Meter, Notice } from "@medai/ui";
import { useEffect, useRef, useState } from "react";
import { told, toldAtEnd } from "../../app/api_message.ts";
import { read, useLive } from "../../stream/live.ts";
import type { Answer } from "../../stream/reduce.ts";
import { importDeck, studyChanged } from "../api.ts";
import { type Imported, importedOf } from "./imported.ts";

const TYPES = ".apkg,.colpkg,.csv,.tsv";

/** Takes a file with cards, and tells how far its reading is and what came of it. */
export default function ImportDialog({ onClose }: { onClose: () => void }) {
  const files = useRef<HTMLInputElement>(null);
  const [sent, setSent] = useState<{ name: string; share: number }>();
  const [job, setJob] = useState<string>();
  const [problem, setProblem] = useState<Problem>();
  const [ended, setEnded] = useState<Answer>();
  const live = useLive(job);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  const begin = async (file: File) => {
    setProblem(undefined);
    setEnded(undefined);
    setSent({ name: file.name, share: 0 });
    stop.current = new AbortController();
    try {
      const begun = await importDeck(
        file,
        (done, total) => setSent({ name: file.name, share: total > 0 ? done / total : 0 }),
        stop.current.signal,
      );
      setJob(begun.job.id);
      read(begun.job.id, (answer) => {
        setEnded(answer);
        void studyChanged();
      });
    } catch (error) {
      if (!stop.current.signal.aborted) setProblem(Problem.wrap(error));
      setSent(undefined);
    }
  };

  const busy = sent !== undefined && !ended;
  const percent = live?.answer.progress?.percent;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Import cards`}
      description={t`From Anki (.apkg, .colpkg), or a table with a question and an answer in each line (.csv, .tsv).`}
    >
      <div className="flex flex-col gap-4" aria-busy={busy || undefined}>
        {problem && (
          <Notice tone="bad" title={t`The file was not taken`} alert>
            {told(problem)}
          </Notice>
        )}
        {busy && (
          <div role="status">
            <p className="mb-2">
              {job ? (
                <Trans>“{sent.name}” is being read.</Trans>
              ) : (
                <Trans>“{sent.name}” is being sent.</Trans>
              )}
            </p>
            <Meter
              progress
              label={t`Import`}
              value={job ? (percent ?? 0) : Math.round(sent.share * 100)}
              max={100}
            />
            {job && (
              <p className="mt-2 text-faint text-sm">
                <Trans>You can close this: it goes on.</Trans>
              </p>
            )}
          </div>
        )}
        {ended && <Outcome answer={ended} />}
        <input
          ref={files}
          type="file"
          hidden
          accept={TYPES}
          aria-label={t`File with cards`}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            event.target.value = "";
            if (file) void begin(file);
          }}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Close</Trans>
          </Button>
          {!busy && (
            <Button look="primary" onClick={() => files.current?.click()}>
              {ended ? <Trans>Import another file</Trans> : <Trans>Choose a file</Trans>}
            </Button>
          )}
        </div>
        {!busy && !ended && (
          <p className="text-faint text-sm">
            <Trans>
              Up to {bytes(100_000_000)}. Cards that you have already are brought up to date, not doubled.
            </Trans>
          </p>
        )}
      </div>
    </Dialog>
  );
}

function Outcome({ answer }: { answer: Answer }) {
  if (answer.phase !== "done")
    return (
      <Notice tone="bad" title={t`The cards were not imported`} alert>
        {toldAtEnd(answer.ending ?? {}) ?? t`The import was stopped.`}
      </Notice>
    );
  const lines = linesOf(importedOf(answer.ending));
  return (
    <Notice tone="good" title={t`The cards are here`} alert>
      {lines.length > 0 && (
        <ul>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
    </Notice>
  );
}

/** What the job says that it did, as far as it does. */
function linesOf({ made, updated, decks, leftOut, notes }: Imported): string[] {
  return [
    made !== undefined && plural(made, { one: "# new note", other: "# new notes" }),
    updated !== undefined &&
      updated > 0 &&
      plural(updated, { one: "# note brought up to date", other: "# notes brought up to date" }),
    decks !== undefined && plural(decks, { one: "# deck", other: "# decks" }),
    leftOut !== undefined &&
      leftOut > 0 &&
      plural(leftOut, { one: "# file left out, such as sound", other: "# files left out, such as sound" }),
    ...notes,
  ].filter((line) => typeof line === "string");
}
