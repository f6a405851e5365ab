import { t } from "@lingui/core/macro";
import { Button } from "@medai/ui";
import { useMemo } from "react";
import { useOff } from "../app/status.tsx";
import { commandOf } from "./commands.ts";
import { followUps } from "./follow_ups.ts";

type Facts = Parameters<typeof followUps>[0];

/** What may be asked next. It is put where questions are written, and sent from there. */
export function FollowUps({
  question,
  answer,
  citations,
  onPick,
}: Facts & { onPick: (text: string) => void }) {
  const off = useOff();
  const all = useMemo(() => followUps({ question, answer, citations }), [question, answer, citations]);
  const possible = all.filter(({ text }) => !off(commandOf(text)?.command.feature ?? "chat"));
  if (possible.length === 0) return null;
  return (
    <ul aria-label={t`Ask next`} className="mt-3 flex flex-wrap gap-2 print:hidden">
      {possible.map(({ label, text }) => (
        <li key={text} className="min-w-0 max-w-full">
          <Button size="sm" className="max-w-full pointer-coarse:min-h-10" onClick={() => onPick(text)}>
            <span className="truncate">{label}</span>
          </Button>
        </li>
      ))}
    </ul>
  );
}
