import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, IconButton, Menu, number } from "@medai/ui";
import { EllipsisVertical } from "lucide-react";
import { intervalOf } from "../interval.ts";
import { linesOf } from "../note_text.ts";
import type { Note, NoteAction } from "../types.ts";

const DAY = 86_400;

interface Props {
  note: Note;
  chosen: boolean;
  onChoose: (on: boolean) => void;
  onEdit: () => void;
  onAct: (action: NoteAction) => void;
  onTag: (tag: string) => void;
}

/** A note in a list: its text, its tags, and how far its cards are. */
export function NoteRow({ note, chosen, onChoose, onEdit, onAct, onTag }: Props) {
  const { front, back } = linesOf(note);
  const title = front || t`Picture with covered parts`;
  const suspended = note.cards.length > 0 && note.cards.every((card) => card.suspended);
  return (
    <li className="flex items-start gap-2.5 border-line border-b py-2.5">
      <label className="grid size-9 pointer-coarse:size-11 shrink-0 place-items-center">
        <input
          type="checkbox"
          className="size-4"
          aria-label={t`Select “${title}”`}
          checked={chosen}
          onChange={({ target }) => onChoose(target.checked)}
        />
      </label>
      <div className="min-w-0 flex-1 py-1">
        <button
          type="button"
          dir="auto"
          className="line-clamp-2 text-start font-medium [overflow-wrap:anywhere] hover:underline hover:underline-offset-4"
          onClick={onEdit}
        >
          {title}
        </button>
        {back !== "" && (
          <p dir="auto" className="line-clamp-2 text-muted text-sm [overflow-wrap:anywhere]">
            {back}
          </p>
        )}
        <p className="figures mt-1 flex flex-wrap items-center gap-x-2 gap-y-1 text-faint text-sm">
          {suspended && <Badge tone="warn">{t`Suspended`}</Badge>}
          <span>{factsOf(note)}</span>
          {note.tags.map((tag) => (
            <button
              key={tag}
              type="button"
              aria-label={t`Only the tag ${tag}`}
              className="hit rounded-sm bg-sunken px-1.5 text-muted text-xs hover:text-ink"
              onClick={() => onTag(tag)}
            >
              {tag}
            </button>
          ))}
        </p>
        {note.source && (
          <p className="truncate text-faint text-sm">
            <Trans>
              <bdi>{note.source.title}</bdi>, page {number(note.source.page)}
            </Trans>
          </p>
        )}
      </div>
      <Menu
        label={t`What to do with “${title}”`}
        trigger={
          <IconButton
            label={t`What to do with “${title}”`}
            tip={false}
            icon={<EllipsisVertical size={18} />}
          />
        }
        items={[
          { label: t`Edit`, onSelect: onEdit },
          suspended
            ? { label: t`Unsuspend`, onSelect: () => onAct("unsuspend") }
            : { label: t`Suspend`, onSelect: () => onAct("suspend") },
          { label: t`Bury until tomorrow`, onSelect: () => onAct("bury") },
          { label: t`Learn anew`, onSelect: () => onAct("reset") },
          { label: t`Delete`, danger: true, onSelect: () => onAct("delete") },
        ]}
      />
    </li>
  );
}

/** How many cards there are, when the next one comes back, and how often they were forgotten. */
function factsOf({ cards }: Note): string {
  const longest = Math.max(0, ...cards.map(({ interval }) => interval));
  const lapses = cards.reduce((sum, card) => sum + card.lapses, 0);
  const facts = [
    plural(cards.length, { one: "# card", other: "# cards" }),
    cards.every(({ state }) => state === "new")
      ? t`new`
      : longest > 0
        ? t`interval ${intervalOf(longest * DAY)}`
        : t`in learning`,
  ];
  if (lapses > 0) facts.push(plural(lapses, { one: "forgotten # time", other: "forgotten # times" }));
  return facts.join(" · ");
}
