import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Message } from "@medai/client";
import { Button, Dialog, Notice, number, say, TextArea } from "@medai/ui";
import { type FormEvent, useState } from "react";
import { told } from "../app/api_message.ts";
import { type ReportKind, report, withdraw } from "./votes.ts";

const KINDS: [ReportKind, MessageDescriptor][] = [
  ["wrong", msg`It is wrong`],
  ["unsafe", msg`It is unsafe: who acts on it could harm somebody`],
  ["bad_citation", msg`A source does not say that`],
  ["other", msg`Something else`],
];
const LONGEST = 1000;

/** Tells those who run the platform of an error in an answer. */
export default function ReportDialog({ answer, onClose }: { answer: Message; onClose: () => void }) {
  const [kind, setKind] = useState<ReportKind>(answer.reported ?? "wrong");
  const [reason, setReason] = useState("");
  const [share, setShare] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();

  const doing = async (work: () => Promise<void>, done: string) => {
    setBusy(true);
    try {
      await work();
      say(done);
      onClose();
    } catch (error) {
      setProblem(told(error));
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const words = reason.trim();
    void doing(
      () => report(answer, { kind, share, ...(words && { reason: words }) }),
      t`Thank you. It was reported.`,
    );
  };
  return (
    <Dialog open onClose={onClose} title={t`Report an error`}>
      <form className="flex flex-col gap-4" onSubmit={onSubmit}>
        {answer.reported && (
          <Notice
            actions={
              <Button
                size="sm"
                disabled={busy}
                onClick={() => void doing(() => withdraw(answer), t`The report was withdrawn.`)}
              >
                <Trans>Withdraw it</Trans>
              </Button>
            }
          >
            <Trans>You have reported this answer. What you send now takes the place of that.</Trans>
          </Notice>
        )}
        {problem && (
          <Notice tone="bad" alert>
            {problem}
          </Notice>
        )}
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-medium text-sm">
            <Trans>What is wrong?</Trans>
          </legend>
          {KINDS.map(([each, label]) => (
            <label key={each} className="flex min-h-8 pointer-coarse:min-h-11 items-center gap-2.5">
              <input
                type="radio"
                name="kind"
                className="size-4 shrink-0 accent-accent"
                checked={kind === each}
                onChange={() => setKind(each)}
              />
              {i18n._(label)}
            </label>
          ))}
        </fieldset>
        <TextArea
          label={t`In your words`}
          hint={t`You need not say anything. Up to ${number(LONGEST)} characters; leave out what tells who a patient is.`}
          value={reason}
          rows={3}
          maxLength={LONGEST}
          onChange={(event) => setReason(event.target.value)}
        />
        <label className="flex items-start gap-2.5">
          <input
            type="checkbox"
            className="mt-1 size-4 shrink-0 accent-accent"
            checked={share}
            onChange={(event) => setShare(event.target.checked)}
          />
          <span>
            <Trans>Show them my question and this answer</Trans>
            <span className="block text-faint text-sm">
              <Trans>
                A copy as they are now. Otherwise they see only what you say here, and which model answered;
                never who you are.
              </Trans>
            </span>
          </span>
        </label>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" look="primary" busy={busy}>
            <Trans>Send report</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
