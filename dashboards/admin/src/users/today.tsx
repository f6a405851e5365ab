import { Problem } from "@medai/client";
import { Button, Confirm, Meter, number, Panel, say } from "@medai/ui";
import { useState } from "react";
import { DayEnd } from "../parts/day_end.tsx";
import { PLAN_NAMES } from "./plans.ts";
import { useDay } from "./use_day.ts";
import { resetUsage, type UserView } from "./users.ts";

/** What the account used today, against its plan. */
export function Today({ user, mayReset }: { user: UserView; mayReset?: boolean }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const limits = useDay(user.plan);
  const { tokens, requests } = user.usage;
  const reset = async () => {
    setBusy(true);
    try {
      await resetUsage(user.id);
      say("Today’s usage is reset.");
    } catch (error) {
      say(Problem.wrap(error).message);
    } finally {
      setBusy(false);
      setAsking(false);
    }
  };
  return (
    <Panel title="Today" aside={<DayEnd />}>
      <div className="grid gap-5 sm:grid-cols-2">
        <Figure label="Tokens" used={tokens} limit={limits?.tokens} />
        <Figure label="Questions" used={requests} limit={limits?.requests} />
      </div>
      {mayReset && (
        <div className="mt-4 flex flex-wrap items-center justify-between gap-3 border-line border-t pt-4">
          <p className="text-muted text-sm">
            A reset gives back the whole day of the {PLAN_NAMES[user.plan]} plan. What is under way still
            counts.
          </p>
          <Button size="sm" disabled={tokens === 0 && requests === 0} onClick={() => setAsking(true)}>
            Reset usage
          </Button>
        </div>
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title="Reset today’s usage?"
        description={`${user.email} used ${number(tokens)} tokens and ${number(requests)} questions today. They get the whole day again.`}
        action="Reset"
        harmless
        busy={busy}
        onConfirm={() => void reset()}
      />
    </Panel>
  );
}

function Figure({ label, used, limit }: { label: string; used: number; limit: number | null | undefined }) {
  return (
    <div>
      <p className="text-muted text-sm">{label}</p>
      <p className="figures mt-0.5 font-serif font-[560] text-[1.75rem] leading-none">
        {number(used)}
        <span className="ms-2 font-normal font-sans text-faint text-sm">
          {limit == null ? "no limit" : `of ${number(limit)}`}
        </span>
      </p>
      {limit != null && (
        <Meter
          label={label}
          value={used}
          max={limit}
          text={`${number(used)} of ${number(limit)}`}
          className="mt-3"
        />
      )}
    </div>
  );
}
