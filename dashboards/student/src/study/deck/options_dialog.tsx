import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useTries } from "@medai/client/react";
import { Button, Dialog, Notice, number, say, TextField } from "@medai/ui";
import { useState } from "react";
import { told, toldFields } from "../../app/api_message.ts";
import { changeDeck } from "../api.ts";
import type { Deck } from "../types.ts";
import { changeOf, MOST_A_DAY, RETENTION, type Typed, typedOf, type Wrong } from "./options.ts";

/** Title, limits, retention and learning steps of a deck. */
export default function OptionsDialog({ deck, onClose }: { deck: Deck; onClose: () => void }) {
  const [typed, setTyped] = useState<Typed>(() => typedOf(deck));
  const [wrong, setWrong] = useState<Wrong>({});
  const { problem, busy, attempt } = useTries();
  const save = () => {
    const result = changeOf(typed);
    setWrong("wrong" in result ? result.wrong : {});
    if ("wrong" in result) return;
    void attempt(async () => {
      await changeDeck(deck.id, result.change);
      say(t`Saved`);
      onClose();
    });
  };
  const refused = toldFields(problem);
  const field = (name: keyof Typed) => ({
    value: typed[name],
    onChange: (event: { target: { value: string } }) => setTyped({ ...typed, [name]: event.target.value }),
  });
  const range = (from: number, to: number) => t`A whole number from ${number(from)} to ${number(to)}.`;
  const [least, most] = RETENTION;
  const unnamed = problem && Object.keys(refused).length === 0;
  return (
    <Dialog open onClose={onClose} title={t`Options of the deck`}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        {unnamed && <Notice tone="bad" title={told(problem)} alert />}
        <TextField
          label={t`Title`}
          required
          maxLength={300}
          autoComplete="off"
          hint={t`Two colons put it below another deck: Medicine::Cardiology.`}
          problem={refused.title}
          {...field("title")}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            label={t`New cards a day`}
            inputMode="numeric"
            problem={wrong.new_per_day ? range(0, MOST_A_DAY) : refused.new_per_day}
            {...field("new_per_day")}
          />
          <TextField
            label={t`Reviews a day`}
            inputMode="numeric"
            problem={wrong.reviews_per_day ? range(0, MOST_A_DAY) : refused.reviews_per_day}
            {...field("reviews_per_day")}
          />
        </div>
        <TextField
          label={t`Desired retention, in percent`}
          inputMode="numeric"
          hint={t`How much you want to know when a card comes back. More means many more reviews.`}
          problem={wrong.retention ? range(least, most) : refused.desired_retention}
          {...field("retention")}
        />
        <TextField
          label={t`Learning steps`}
          autoComplete="off"
          hint={t`When a new card comes back, such as 1m 10m.`}
          problem={
            wrong.steps
              ? t`Up to ten steps such as 1m, 10m or 1h, 23 hours at the most.`
              : refused.learning_steps
          }
          {...field("steps")}
        />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>
            <Trans>Cancel</Trans>
          </Button>
          <Button type="submit" look="primary" busy={busy} disabled={typed.title.trim() === ""}>
            <Trans>Save</Trans>
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
