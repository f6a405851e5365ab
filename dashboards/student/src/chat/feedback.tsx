import { t } from "@lingui/core/macro";
import type { Message } from "@medai/client";
import { IconButton } from "@medai/ui";
import { Flag, ThumbsDown, ThumbsUp } from "lucide-react";
import { useState } from "react";
import { InDialog } from "../app/fetched.tsx";
import { ReportDialog } from "./dialogs.ts";
import { vote } from "./votes.ts";

/** Thumbs, and the way to report an error. Where there is no text, there is nothing to judge. */
export function Feedback({ answer }: { answer: Message }) {
  const [reporting, setReporting] = useState(false);
  if (answer.content === "") return null;
  const thumb = (wanted: "up" | "down", label: string, Icon: typeof ThumbsUp) => {
    const pressed = answer.vote === wanted;
    return (
      <IconButton
        label={label}
        size="sm"
        icon={<Icon size={15} className={pressed ? "fill-current" : ""} />}
        className={pressed ? "text-accent!" : ""}
        aria-pressed={pressed}
        onClick={() => void vote(answer, pressed ? null : wanted)}
      />
    );
  };
  return (
    <>
      {thumb("up", t`Good answer`, ThumbsUp)}
      {thumb("down", t`Bad answer`, ThumbsDown)}
      <IconButton
        label={t`Report an error`}
        size="sm"
        icon={<Flag size={15} className={answer.reported ? "fill-current" : ""} />}
        className={answer.reported ? "text-accent!" : ""}
        aria-haspopup="dialog"
        onClick={() => setReporting(true)}
      />
      {reporting && (
        <InDialog onClose={() => setReporting(false)}>
          <ReportDialog answer={answer} onClose={() => setReporting(false)} />
        </InDialog>
      )}
    </>
  );
}
