import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Button, Confirm, Dialog, Menu, Select, TextField } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { ChevronUp } from "lucide-react";
import { useState } from "react";
import { decksQuery } from "../api.ts";
import { tagsOf } from "../note_text.ts";
import type { Deck, NoteAction } from "../types.ts";

interface Props {
  count: number;
  deck: Deck;
  onAct: (action: NoteAction, more?: { deck_id?: string; tags?: string[] }) => Promise<void>;
  onClear: () => void;
}

/** What can be done with all notes that are selected. */
export function BulkBar({ count, deck, onAct, onClear }: Props) {
  const [open, setOpen] = useState<"delete" | "move" | "tag" | "untag" | "reset">();
  const close = () => setOpen(undefined);
  const act = async (...what: Parameters<Props["onAct"]>) => {
    await onAct(...what);
    close();
  };
  return (
    <div className="sticky bottom-3 z-10 mt-4 flex flex-wrap items-center gap-2 rounded-lg border border-line bg-surface p-2 shadow-pop print:hidden">
      <p className="figures ps-2 font-medium text-sm">
        <Plural value={count} one="# selected" other="# selected" />
      </p>
      <div className="ms-auto flex flex-wrap gap-2">
        <Button size="sm" onClick={() => setOpen("move")}>
          <Trans>Move</Trans>
        </Button>
        <Button size="sm" onClick={() => setOpen("tag")}>
          <Trans>Tag</Trans>
        </Button>
        <Menu
          label={t`More for the selected notes`}
          trigger={
            <Button size="sm" icon={<ChevronUp size={15} aria-hidden />}>
              <Trans>More</Trans>
            </Button>
          }
          items={[
            { label: t`Remove a tag`, onSelect: () => setOpen("untag") },
            { label: t`Suspend`, onSelect: () => void act("suspend") },
            { label: t`Unsuspend`, onSelect: () => void act("unsuspend") },
            { label: t`Bury until tomorrow`, onSelect: () => void act("bury") },
            { label: t`Learn anew`, onSelect: () => setOpen("reset") },
            { label: t`Delete`, danger: true, onSelect: () => setOpen("delete") },
          ]}
        />
        <Button size="sm" look="quiet" onClick={onClear}>
          <Trans>Clear</Trans>
        </Button>
      </div>
      {open === "move" && (
        <Move deck={deck} onClose={close} onMove={(deck_id) => void act("move", { deck_id })} />
      )}
      {(open === "tag" || open === "untag") && (
        <Tags
          title={open === "tag" ? t`Add tags` : t`Remove tags`}
          onClose={close}
          onTags={(tags) => void act(open, { tags })}
        />
      )}
      <Confirm
        open={open === "delete"}
        onClose={close}
        title={t`Delete the selected notes?`}
        description={t`Their cards are removed for good. Reviews stay in the statistics.`}
        action={t`Delete`}
        onConfirm={() => void act("delete")}
      />
      <Confirm
        open={open === "reset"}
        onClose={close}
        harmless
        title={t`Learn the selected notes anew?`}
        description={t`Their cards are new again.`}
        action={t`Learn anew`}
        onConfirm={() => void act("reset")}
      />
    </div>
  );
}

function Move({
  deck,
  onClose,
  onMove,
}: {
  deck: Deck;
  onClose: () => void;
  onMove: (deck: string) => void;
}) {
  const decks = useQuery(decksQuery).data?.filter(({ id }) => id !== deck.id) ?? [];
  const [to, setTo] = useState("");
  const target = to || decks[0]?.id;
  return (
    <Dialog open onClose={onClose} title={t`Move to another deck`}>
      {target === undefined ? (
        <p className="text-muted">
          <Trans>There is no other deck.</Trans>
        </p>
      ) : (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            onMove(target);
          }}
        >
          <Select label={t`Deck`} value={target} onChange={(event) => setTo(event.target.value)}>
            {decks.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </Select>
          <Button type="submit" look="primary" className="self-end">
            <Trans>Move</Trans>
          </Button>
        </form>
      )}
    </Dialog>
  );
}

function Tags({
  title,
  onClose,
  onTags,
}: {
  title: string;
  onClose: () => void;
  onTags: (tags: string[]) => void;
}) {
  const [text, setText] = useState("");
  const tags = tagsOf(text);
  return (
    <Dialog open onClose={onClose} title={title}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (tags.length > 0) onTags(tags);
        }}
      >
        <TextField
          label={t`Tags`}
          value={text}
          autoComplete="off"
          hint={t`With spaces between them.`}
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" look="primary" className="self-end" disabled={tags.length === 0}>
          {title}
        </Button>
      </form>
    </Dialog>
  );
}
