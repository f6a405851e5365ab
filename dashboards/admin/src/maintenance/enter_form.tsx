import type { Feature } from "@medai/client";
import { useTries } from "@medai/client/react";
import { Button, Confirm, Panel, Select, say, TextArea, TextField } from "@medai/ui";
import { useState } from "react";
import { Choice } from "../app/choice.tsx";
import { STUDENT_FEATURES } from "../features/names.ts";
import { featureName } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { check, type Draft, EMPTY, type Field, fromNow, MAX_TEXT } from "./draft.ts";
import { announce, enter } from "./maintenance.ts";
import { Preview } from "./preview.tsx";
import { type Closed, LEVELS } from "./words.ts";

const QUICK: [string, number][] = [
  ["30 min", 30],
  ["1 h", 60],
  ["2 h", 120],
  ["8 h", 480],
];

/** Closes something now or later, and shows beside it what students will see. */
export function EnterForm() {
  const [draft, setDraft] = useState<Draft>(EMPTY);
  const [shown, setShown] = useState(false);
  const [asking, setAsking] = useState(false);
  const { problem, busy, attempt } = useTries();
  const checked = check(draft);
  const wrong: Partial<Record<Field, string>> = {
    ...(problem?.fields as Partial<Record<Field, string>>),
    ...(shown && "problems" in checked ? checked.problems : {}),
  };
  const set = (more: Partial<Draft>) => setDraft({ ...draft, ...more });
  const what = draft.feature ? featureName(draft.feature) : "the platform";
  const send = () =>
    attempt(async () => {
      try {
        if ("now" in checked) await enter(checked.now);
        if ("later" in checked) await announce(checked.later);
      } finally {
        setAsking(false);
      }
      say("now" in checked ? `Maintenance of ${what} began.` : `Maintenance of ${what} is announced.`);
      setDraft(EMPTY);
      setShown(false);
    });
  const submit = () => {
    setShown(true);
    if ("problems" in checked) return;
    const locksOut = draft.level === "hard" && !draft.feature;
    if (locksOut || (draft.when === "now" && draft.feature === "chat")) setAsking(true);
    else void send();
  };
  const left = MAX_TEXT - draft.message.trim().length;
  return (
    <Panel title="Start maintenance">
      <div className="grid grid-cols-1 gap-x-10 gap-y-6 lg:grid-cols-2">
        <form
          noValidate
          aria-label="Close something"
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <div className="grid gap-4 sm:grid-cols-2">
            <Select
              label="What"
              value={draft.feature}
              onChange={(event) => set({ feature: event.target.value as Feature | "" })}
            >
              <option value="">The whole platform</option>
              {STUDENT_FEATURES.map((feature) => (
                <option key={feature} value={feature}>
                  {featureName(feature)}
                </option>
              ))}
            </Select>
            <Select
              label="When"
              value={draft.when}
              onChange={(event) => set({ when: event.target.value as Draft["when"] })}
            >
              <option value="now">Now</option>
              <option value="later">At a planned time</option>
            </Select>
          </div>
          {!draft.feature && (
            <Choice
              legend="Level"
              className="sm:grid-cols-2"
              options={(Object.keys(LEVELS) as Closed[]).map((value) => ({ value, ...LEVELS[value] }))}
              value={draft.level}
              onChange={(level) => set({ level })}
            />
          )}
          {draft.when === "later" ? (
            <div className="grid gap-4 sm:grid-cols-2">
              <TextField
                label="Begin"
                type="datetime-local"
                value={draft.from}
                problem={wrong.from}
                onChange={(event) => set({ from: event.target.value })}
              />
              <TextField
                label="End"
                type="datetime-local"
                value={draft.until}
                min={draft.from || undefined}
                problem={wrong.until}
                onChange={(event) => set({ until: event.target.value })}
              />
            </div>
          ) : (
            <div className="flex flex-col gap-2">
              <TextField
                label="Estimated restoration"
                type="datetime-local"
                value={draft.restoration}
                hint="In your time zone. Left empty, students read that it is not known yet."
                problem={wrong.estimated_restoration}
                onChange={(event) => set({ restoration: event.target.value })}
              />
              <div className="flex flex-wrap gap-1.5">
                {QUICK.map(([label, minutes]) => (
                  <Button key={label} size="sm" onClick={() => set({ restoration: fromNow(minutes) })}>
                    In {label}
                  </Button>
                ))}
                {draft.restoration && (
                  <Button size="sm" look="quiet" onClick={() => set({ restoration: "" })}>
                    Not known
                  </Button>
                )}
              </div>
            </div>
          )}
          <TextArea
            label="Message to students"
            value={draft.message}
            placeholder="Left empty, the usual sentence."
            hint={draft.message && `${left} ${left === 1 ? "character" : "characters"} left`}
            problem={wrong.message}
            onChange={(event) => set({ message: event.target.value })}
          />
          <TextField
            label={draft.when === "now" ? "Reason" : "Reason (optional)"}
            value={draft.reason}
            hint="For the other admins, and for the audit log. Students don’t see it."
            problem={wrong.reason}
            onChange={(event) => set({ reason: event.target.value })}
          />
          {problem && Object.keys(problem.fields).length === 0 && <Refused error={problem} />}
          <div>
            <Button type="submit" look="primary" busy={busy}>
              {draft.when === "later"
                ? "Announce it"
                : draft.feature
                  ? `Close ${what}`
                  : `Enter ${draft.level} maintenance`}
            </Button>
          </div>
        </form>
        <section aria-label="Preview" className="min-w-0 lg:border-line lg:border-s lg:ps-10">
          <h3 className="mb-3 font-medium font-sans text-sm tracking-normal">What students will see</h3>
          <Preview draft={draft} />
        </section>
      </div>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={
          draft.when === "later"
            ? "Plan a lock-out?"
            : draft.feature
              ? "Close chat?"
              : "Lock all students out?"
        }
        description={
          draft.when === "later"
            ? "At that time every student gets the lock screen, by itself. It is announced to them from now on."
            : draft.feature
              ? "Students can ask nothing until it is opened again. Answers that are being written are finished."
              : "Every student gets the lock screen within a second, until an admin ends it. Answers that are being written are finished. All admins are notified."
        }
        action={draft.when === "later" ? "Announce it" : draft.feature ? "Close chat" : "Lock them out"}
        busy={busy}
        onConfirm={() => void send()}
      />
    </Panel>
  );
}
