import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { useTries } from "@medai/client/react";
import { Button, Dialog, Notice, Select, say, TextField } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { told, toldFields } from "../../app/api_message.ts";
import { Awaited } from "../../app/fetched.tsx";
import { changeNote, createNote, decksQuery, fetchNote } from "../api.ts";
import { tagsOf } from "../note_text.ts";
import type { Filled, Note, NoteKind } from "../types.ts";
import { asKind, emptyNote, isEmpty, type Missing, missingIn } from "./empty_note.ts";
import { NoteFields } from "./note_fields.tsx";
import { Preview } from "./preview.tsx";

export const KINDS: [NoteKind, MessageDescriptor][] = [
  ["basic", msg`Basic`],
  ["basic_reversed", msg`Basic, both ways`],
  ["cloze", msg`Cloze`],
  ["image_occlusion", msg`Image occlusion`],
];

const MISSING: Record<Missing, MessageDescriptor> = {
  text: msg`A question and an answer are needed.`,
  cloze: msg`Nothing is left out yet: select a part of the text and press “Leave out”.`,
  open: msg`A deletion does not end: its closing braces are missing.`,
  empty: msg`A deletion is empty.`,
  picture: msg`A picture is needed.`,
  boxes: msg`Nothing is covered yet: draw a box over a part of the picture.`,
};

interface Props {
  /** Which note is edited; a new one where none is named. */
  note?: string | undefined;
  /** Where a new one belongs. */
  deck?: string | undefined;
  onClose: () => void;
  onSaved?: (note: string) => void;
}

/** Makes or edits a note. */
export default function NoteDialog({ note, deck, onClose, onSaved }: Props) {
  const known = useQuery({
    queryKey: ["study", "note", note ?? ""],
    queryFn: () => fetchNote(note ?? ""),
    enabled: note !== undefined,
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Dialog wide open onClose={onClose} title={note ? t`Edit the card` : t`Add cards`}>
      {note === undefined || known.data ? (
        <Form known={known.data} deck={deck} onClose={onClose} onSaved={onSaved} />
      ) : (
        <Awaited className="h-64" error={known.error} refetch={known.refetch} />
      )}
    </Dialog>
  );
}

interface FormProps {
  known: Note | undefined;
  deck: string | undefined;
  onClose: () => void;
  onSaved: ((note: string) => void) | undefined;
}

function Form({ known, deck, onClose, onSaved }: FormProps) {
  const [filled, setFilled] = useState<Filled>(() => known ?? emptyNote("basic"));
  const [tags, setTags] = useState(known?.tags.join(" ") ?? "");
  const [into, setInto] = useState(known?.deck_id ?? deck ?? "");
  const [tried, setTried] = useState(false);
  const [made, setMade] = useState(0);
  const decks = useQuery(decksQuery).data ?? [];
  const { problem, busy, attempt } = useTries();
  const form = useRef<HTMLFormElement>(null);
  const missing = missingIn(filled);
  const target = into || decks[0]?.id || "";

  const save = () => {
    setTried(true);
    if (missing || target === "") return;
    void attempt(async () => {
      if (known) {
        const moved = target !== known.deck_id && { deck_id: target };
        await changeNote(known.id, { fields: filled.fields, tags: tagsOf(tags), ...moved });
        say(t`Saved`);
        onSaved?.(known.id);
        onClose();
        return;
      }
      const { id } = await createNote(target, { ...pick(filled), tags: tagsOf(tags) });
      onSaved?.(id);
      say(t`Added`);
      setFilled(emptyNote(filled.kind));
      setTried(false);
      setMade(made + 1);
      // The next one is written at once, as whoever adds one adds more.
      requestAnimationFrame(() =>
        form.current?.querySelector<HTMLElement>("[data-first] textarea, textarea")?.focus(),
      );
    });
  };
  const refused = toldFields(problem);
  return (
    <form
      ref={form}
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) save();
      }}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label={t`Kind`}
          value={filled.kind}
          disabled={known !== undefined}
          onChange={({ target: { value } }) => setFilled(asKind(filled, value as NoteKind))}
        >
          {KINDS.map(([kind, label]) => (
            <option key={kind} value={kind}>
              {i18n._(label)}
            </option>
          ))}
        </Select>
        <Select label={t`Deck`} value={target} onChange={(event) => setInto(event.target.value)}>
          {decks.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </Select>
      </div>
      <NoteFields key={made} filled={filled} onChange={setFilled} refused={refused} />
      <TextField
        label={t`Tags`}
        value={tags}
        autoComplete="off"
        hint={t`With spaces between them.`}
        problem={refused.tags}
        onChange={(event) => setTags(event.target.value)}
      />
      {!isEmpty(filled) && filled.kind !== "image_occlusion" && <Preview filled={filled} />}
      {tried && missing && <Notice tone="warn" title={i18n._(MISSING[missing])} alert />}
      {problem && <Notice tone="bad" title={told(problem)} alert />}
      <div className="flex flex-wrap items-center justify-end gap-2">
        <Button onClick={onClose}>{known || made === 0 ? <Trans>Cancel</Trans> : <Trans>Done</Trans>}</Button>
        <Button type="submit" look="primary" busy={busy}>
          {known ? <Trans>Save</Trans> : <Trans>Add</Trans>}
        </Button>
      </div>
    </form>
  );
}

/** Only what a note is made of, of what may be more. */
const pick = ({ kind, fields }: Filled): Filled => ({ kind, fields }) as Filled;
