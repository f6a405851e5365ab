import { useTries } from "@medai/client/react";
import { Button, Confirm, number, Panel, Select, say, TextField } from "@medai/ui";
import { useState } from "react";
import { words } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { PLAN_NAMES, PLANS } from "./plans.ts";
import { useDay } from "./use_day.ts";
import { type UserView, update } from "./users.ts";

const inWords = (limits: ReturnType<typeof useDay>) =>
  limits?.tokens != null && limits.requests != null
    ? `${number(limits.tokens)} tokens and ${number(limits.requests)} questions a day`
    : "no limits";

const sentence = (text: string) => `${words(text)}.`;

/** Another plan, at once. */
export function PlanForm({ user }: { user: UserView }) {
  const [plan, setPlan] = useState(user.plan);
  const [chosen, current] = [useDay(plan), useDay(user.plan)];
  const [asking, setAsking] = useState(false);
  const { problem, busy, attempt } = useTries();
  return (
    <Panel title="Plan">
      <form
        className="flex flex-wrap items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          setAsking(true);
        }}
      >
        <div className="min-w-48 flex-1">
          <Select
            bare
            label="Plan"
            value={plan}
            hint={sentence(inWords(chosen))}
            onChange={(event) => setPlan(PLANS.find((each) => each === event.target.value) ?? plan)}
          >
            {PLANS.map((each) => (
              <option key={each} value={each}>
                {PLAN_NAMES[each]}
              </option>
            ))}
          </Select>
        </div>
        <Button type="submit" disabled={plan === user.plan} busy={busy}>
          Change plan
        </Button>
      </form>
      {problem && (
        <div className="mt-3">
          <Refused error={problem} />
        </div>
      )}
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={`Change the plan to ${PLAN_NAMES[plan]}?`}
        description={`From the next request on ${user.email} has ${inWords(chosen)}; until now ${inWords(current)}.`}
        action="Change plan"
        harmless
        busy={busy}
        onConfirm={() =>
          void attempt(async () => {
            try {
              await update(user.id, { plan });
            } finally {
              setAsking(false);
            }
            say(`On the ${PLAN_NAMES[plan]} plan now.`);
          })
        }
      />
    </Panel>
  );
}

export function NameForm({ user }: { user: UserView }) {
  const [name, setName] = useState(user.name);
  const { problem, busy, attempt } = useTries();
  return (
    <Panel title="Name">
      <form
        className="flex flex-wrap items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(async () => {
            await update(user.id, { name: name.trim() });
            say("Saved.");
          });
        }}
      >
        <div className="min-w-48 flex-1">
          <TextField
            bare
            label="Name"
            value={name}
            required
            maxLength={100}
            autoComplete="off"
            problem={problem && (problem.fields.name ?? problem.message)}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Button type="submit" busy={busy} disabled={name.trim() === user.name || name.trim() === ""}>
          Save
        </Button>
      </form>
    </Panel>
  );
}
