import { useTries } from "@medai/client/react";
import { Button, cx, Dialog, number, say, TextField } from "@medai/ui";
import { useState } from "react";
import { Choice } from "../app/choice.tsx";
import { DayEnd } from "../parts/day_end.tsx";
import { featureName } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { PLAN_NAMES } from "../users/plans.ts";
import { change } from "./features.ts";
import { check, draftOf, type FeatureView, MAX_LIMIT, type Mode, PLANS } from "./limits.ts";
import type { StudentFeature } from "./names.ts";

const MODES: { value: Mode; label: string; hint: string }[] = [
  { value: "plans", label: "As the plans say", hint: "Nothing is set here." },
  { value: "every", label: "One for every plan", hint: "The same number of uses a day for everybody." },
  { value: "each", label: "One by plan", hint: "A plan without a number keeps its own." },
];

/** How often a day a feature may be used. */
export function LimitsDialog({ view, onClose }: { view: FeatureView; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(view.limits));
  const { problem, busy, attempt } = useTries();
  const [shown, setShown] = useState(false);
  const checked = check(draft);
  const problems = shown && "problems" in checked ? checked.problems : {};
  const submit = () => {
    setShown(true);
    if ("problems" in checked) return;
    void attempt(async () => {
      await change(view.feature as StudentFeature, { enabled: view.enabled, limits: checked.limits });
      say(`${featureName(view.feature)}: limits set`);
      onClose();
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Limits of ${featureName(view.feature)}`}
      description={
        <>
          Uses a day. They hold from the next use on; what was used today counts. The day <DayEnd />.
        </>
      }
    >
      <form
        noValidate
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Choice
          legend="Limits"
          bare
          options={MODES}
          value={draft.mode}
          onChange={(mode) => setDraft({ ...draft, mode })}
        />
        {draft.mode === "every" && (
          <TextField
            label="Uses a day"
            inputMode="numeric"
            value={draft.every}
            hint={`0 is none at all, ${number(MAX_LIMIT)} the most.`}
            problem={problems.every}
            onChange={(event) => setDraft({ ...draft, every: event.target.value })}
          />
        )}
        {draft.mode === "each" && (
          <div className="grid gap-3 sm:grid-cols-3">
            {PLANS.map((plan) => (
              <TextField
                key={plan}
                label={PLAN_NAMES[plan]}
                inputMode="numeric"
                placeholder="as the plan"
                value={draft.each[plan]}
                problem={problems[plan]}
                onChange={(event) =>
                  setDraft({ ...draft, each: { ...draft.each, [plan]: event.target.value } })
                }
              />
            ))}
          </div>
        )}
        {problem && <Refused error={problem} />}
        <div className={cx("flex flex-wrap justify-end gap-2")}>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
