import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, Empty, Select, Skeleton, say, TextField } from "@medai/ui";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useEffect, useState } from "react";
import { told } from "../../app/api_message.ts";
import { Awaited, InDialog } from "../../app/fetched.tsx";
import { type NoteFilter, notesQuery, withNotes } from "../api.ts";
import type { Deck, Note, NoteAction } from "../types.ts";
import { BulkBar } from "./bulk_bar.tsx";
import { NoteDialog } from "./chunks.ts";
import { NoteRow } from "./note_row.tsx";

const NO_FILTER: NoteFilter = { q: "", tag: "", state: "" };
/** Whoever types is not done yet. */
const REST_MS = 250;

/** The notes of a deck: found, chosen, changed. */
export function NoteList({ deck }: { deck: Deck }) {
  const [filter, setFilter] = useState(NO_FILTER);
  const asked = useRested(filter);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [editing, setEditing] = useState<string>();
  const notes = useInfiniteQuery(notesQuery(deck.id, asked));
  const shown = notes.data?.pages.flatMap(({ items }) => items) ?? [];
  const picked = shown.filter(({ id }) => chosen.has(id));
  const filtered = Object.values(asked).some((value) => value !== "");
  const choose = (id: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  const act = async (of: Note[], action: NoteAction, more = {}) => {
    try {
      const changed = await withNotes(
        of.map(({ id }) => id),
        action,
        more,
      );
      setChosen(new Set());
      say(t`Changed: ${changed}`);
    } catch (error) {
      say(told(error));
    }
  };
  return (
    <section aria-label={t`Notes`}>
      <Filter filter={filter} onChange={setFilter} />
      {!notes.data ? (
        <Awaited className="mt-4 h-48" error={notes.error} refetch={notes.refetch} />
      ) : shown.length === 0 ? (
        <Empty title={filtered ? t`Nothing fits` : t`There are no cards yet`}>
          {filtered ? t`Search for something else, or in all states.` : t`Add the first one above.`}
        </Empty>
      ) : (
        <>
          <label className="mt-4 flex min-h-9 items-center gap-2 text-muted text-sm">
            <input
              type="checkbox"
              className="size-4"
              checked={picked.length === shown.length}
              onChange={({ target }) => setChosen(new Set(target.checked ? shown.map(({ id }) => id) : []))}
            />
            <Trans>Select all that are shown</Trans>
          </label>
          <ul
            aria-label={t`Notes`}
            className="border-line border-t"
            aria-busy={notes.isFetching || undefined}
          >
            {shown.map((note) => (
              <NoteRow
                key={note.id}
                note={note}
                chosen={chosen.has(note.id)}
                onChoose={(on) => choose(note.id, on)}
                onEdit={() => setEditing(note.id)}
                onAct={(action) => void act([note], action)}
                onTag={(tag) => setFilter({ ...filter, tag })}
              />
            ))}
          </ul>
          {notes.hasNextPage && (
            <Button
              className="mt-3"
              busy={notes.isFetchingNextPage}
              onClick={() => void notes.fetchNextPage()}
            >
              <Trans>Show more</Trans>
            </Button>
          )}
          {notes.isFetchingNextPage && <Skeleton className="mt-2 h-10" />}
        </>
      )}
      {picked.length > 0 && (
        <BulkBar
          count={picked.length}
          deck={deck}
          onAct={(action, more) => act(picked, action, more)}
          onClear={() => setChosen(new Set())}
        />
      )}
      <p role="status" className="sr-only">
        {picked.length > 0 && <Plural value={picked.length} one="# note selected" other="# notes selected" />}
      </p>
      {editing && (
        <InDialog onClose={() => setEditing(undefined)}>
          <NoteDialog note={editing} onClose={() => setEditing(undefined)} />
        </InDialog>
      )}
    </section>
  );
}

function useRested(filter: NoteFilter): NoteFilter {
  const [rested, setRested] = useState(filter);
  useEffect(() => {
    const timer = setTimeout(() => setRested(filter), REST_MS);
    return () => clearTimeout(timer);
  }, [filter]);
  return useDeferredValue(rested);
}

function Filter({ filter, onChange }: { filter: NoteFilter; onChange: (filter: NoteFilter) => void }) {
  return (
    <search className="grid gap-3 sm:grid-cols-[2fr_1fr_1fr]">
      <TextField
        bare
        type="search"
        label={t`Search these cards`}
        placeholder={t`Search these cards`}
        value={filter.q}
        maxLength={200}
        onChange={({ target }) => onChange({ ...filter, q: target.value })}
      />
      <TextField
        bare
        type="search"
        label={t`Tag`}
        placeholder={t`Tag`}
        value={filter.tag}
        maxLength={100}
        onChange={({ target }) => onChange({ ...filter, tag: target.value })}
      />
      <Select
        bare
        label={t`State`}
        value={filter.state}
        onChange={({ target }) => onChange({ ...filter, state: target.value })}
      >
        <option value="">{t`All states`}</option>
        <option value="new">{t`New`}</option>
        <option value="learning">{t`In learning`}</option>
        <option value="review">{t`In review`}</option>
        <option value="due">{t`Due today`}</option>
        <option value="buried">{t`Buried until tomorrow`}</option>
        <option value="suspended">{t`Suspended`}</option>
      </Select>
    </search>
  );
}
