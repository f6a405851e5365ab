import { type Message, Problem } from "@medai/client";
import { Button, Dialog, Notice, say, TextArea } from "@medai/ui";
import { type FormEvent, useState } from "react";
import { type ReportKind, report, withdraw } from "./votes.ts";

const KINDS: [ReportKind, string][] = [
  ["wrong", "It is wrong"],
  ["unsafe", "It is unsafe: who acts on it could harm somebody"],
  ["bad_citation", "A source does not say that"],
  ["other", "Something else"],
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
      setProblem(Problem.wrap(error).message);
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    const words = reason.trim();
    void doing(
      () => report(answer, { kind, share, ...(words && { reason: words }) }),
      "Thank you. It was reported.",
    );
  };
  return (
    <Dialog open onClose={onClose} title="Report an error">
      <form className="flex flex-col gap-4" onSubmit={onSubmit}>
        {answer.reported && (
          <Notice
            actions={
              <Button
                size="sm"
                disabled={busy}
                onClick={() => void doing(() => withdraw(answer), "The report was withdrawn.")}
              >
                Withdraw it
              </Button>
            }
          >
            You have reported this answer. What you send now takes the place of that.
          </Notice>
        )}
        {problem && (
          <Notice tone="bad" alert>
            {problem}
          </Notice>
        )}
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-medium text-sm">What is wrong?</legend>
          {KINDS.map(([each, label]) => (
            <label key={each} className="flex min-h-8 pointer-coarse:min-h-11 items-center gap-2.5">
              <input
                type="radio"
                name="kind"
                className="size-4 shrink-0 accent-accent"
                checked={kind === each}
                onChange={() => setKind(each)}
              />
              {label}
            </label>
          ))}
        </fieldset>
        <TextArea
          label="In your words"
          hint={`You need not say anything. Up to ${LONGEST} characters; leave out what tells who a patient is.`}
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
            Show them my question and this answer
            <span className="block text-faint text-sm">
              A copy as they are now. Otherwise they see only what you say here, and which model answered;
              never who you are.
            </span>
          </span>
        </label>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Send report
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
