import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Problem } from "@medai/client";
import { Button, Dialog, say, TextArea } from "@medai/ui";
import { useState } from "react";
import { told, toldFields } from "../../app/api_message.ts";
import { report } from "../results_api.ts";

/** Says what is wrong with a question. It is asked in no quiz any more. */
export function ReportQuestion({ question, onClose }: { question: string; onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem>();
  const send = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      await report(question, reason.trim());
      say(t`Reported. It is asked no more.`);
      onClose();
    } catch (error) {
      setProblem(Problem.wrap(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Report this question`}
      description={t`It leaves your quizzes, and those who run the platform see the reason.`}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (reason.trim() !== "") void send();
        }}
      >
        <TextArea
          label={t`What is wrong with it?`}
          dir="auto"
          maxLength={1000}
          required
          rows={3}
          value={reason}
          problem={problem && (toldFields(problem).reason ?? told(problem))}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" look="primary" busy={busy} disabled={reason.trim() === ""}>
            <Trans>Report</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
