import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { Problem } from "@medai/client";
import { Button, Confirm, IconButton, Menu, NotFound, number, PageHead, Panel, say } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { EllipsisVertical, Plus } from "lucide-react";
import { useState } from "react";
import { told } from "../../app/api_message.ts";
import { Awaited, InDialog } from "../../app/fetched.tsx";
import { useTitle } from "../../app/title.ts";
import { deckQuery, decksQuery, deleteDeck } from "../api.ts";
import { above, shortTitle } from "../deck_tree.ts";
import { StudyFrame } from "../frame.tsx";
import type { Deck } from "../types.ts";
import { NoteDialog, OptionsDialog } from "./chunks.ts";
import { saveDeck } from "./export.ts";
import { NoteList } from "./note_list.tsx";

/** A deck: its notes, its options, and what can be done with it. */
export default function DeckPage() {
  const { id } = useParams({ strict: false }) as { id: string };
  const { data: deck, error, refetch } = useQuery(deckQuery(id));
  useTitle(deck && shortTitle(deck.title));
  if (!deck && Problem.wrap(error).status === 404 && error)
    return (
      <StudyFrame>
        <NotFound
          action={
            <Link to="/study">
              <Trans>To the decks</Trans>
            </Link>
          }
        >
          <Trans>This deck is not there. It may have been deleted.</Trans>
        </NotFound>
      </StudyFrame>
    );
  return (
    <StudyFrame>
      {deck ? <Known deck={deck} /> : <Awaited className="h-72" error={error} refetch={refetch} />}
    </StudyFrame>
  );
}

type Open = "add" | "options" | "delete";

function Known({ deck }: { deck: Deck }) {
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const { counts } = deck;
  const left = counts.due + counts.learning + counts.new;
  const save = (format: "apkg" | "csv", scheduling: boolean) =>
    void saveDeck(deck, format, scheduling).catch((error: unknown) => say(told(error)));
  return (
    <>
      <Above deck={deck} />
      <PageHead
        title={shortTitle(deck.title)}
        actions={
          <>
            {left > 0 && (
              <Button asChild look="primary">
                <Link to="/study/review" search={{ deck: deck.id }}>
                  <Trans>Study</Trans>
                </Link>
              </Button>
            )}
            <Button icon={<Plus size={17} aria-hidden />} onClick={() => setOpen("add")}>
              <Trans>Add cards</Trans>
            </Button>
            <Menu
              label={t`What to do with this deck`}
              trigger={
                <IconButton
                  label={t`What to do with this deck`}
                  tip={false}
                  icon={<EllipsisVertical size={19} />}
                />
              }
              items={[
                { label: t`Options`, onSelect: () => setOpen("options") },
                { label: t`Export for Anki`, onSelect: () => save("apkg", false) },
                { label: t`Export for Anki, with scheduling`, onSelect: () => save("apkg", true) },
                { label: t`Export as a table (CSV)`, onSelect: () => save("csv", false) },
                { label: t`Delete`, danger: true, onSelect: () => setOpen("delete") },
              ]}
            />
          </>
        }
      />
      <Panel className="mb-5">
        <dl className="figures flex flex-wrap gap-x-8 gap-y-2">
          <Figure name={t`To review`} value={counts.due} />
          <Figure name={t`In learning`} value={counts.learning} />
          <Figure name={t`New`} value={counts.new} />
          <Figure name={t`Suspended`} value={counts.suspended} />
          <Figure name={t`All cards`} value={counts.total} />
        </dl>
      </Panel>
      <NoteList deck={deck} />
      {open === "add" && (
        <InDialog onClose={close}>
          <NoteDialog deck={deck.id} onClose={close} />
        </InDialog>
      )}
      {open === "options" && (
        <InDialog onClose={close}>
          <OptionsDialog deck={deck} onClose={close} />
        </InDialog>
      )}
      {open === "delete" && <Delete deck={deck} onClose={close} />}
    </>
  );
}

const Figure = ({ name, value }: { name: string; value: number }) => (
  <div>
    <dt className="text-faint text-sm">{name}</dt>
    <dd className="font-medium">{number(value)}</dd>
  </div>
);

/** The decks above. */
function Above({ deck }: { deck: Deck }) {
  const { data: decks } = useQuery(decksQuery);
  const names = above(deck.title);
  if (names.length === 0) return null;
  return (
    <nav aria-label={t`Decks above`} className="mb-1 flex flex-wrap gap-x-1.5 text-faint text-sm">
      {names.map((name, at) => {
        const title = names.slice(0, at + 1).join("::");
        const id = decks?.find((each) => each.title.toLowerCase() === title.toLowerCase())?.id;
        return (
          <span key={title}>
            {id ? (
              <Link to="/study/decks/$id" params={{ id }} className="hover:underline">
                <bdi>{name}</bdi>
              </Link>
            ) : (
              <bdi>{name}</bdi>
            )}
            <span aria-hidden> /</span>
          </span>
        );
      })}
    </nav>
  );
}

function Delete({ deck, onClose }: { deck: Deck; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const navigate = useNavigate();
  const go = async () => {
    setBusy(true);
    try {
      await deleteDeck(deck.id);
      await navigate({ to: "/study" });
    } catch (error) {
      say(told(error));
      onClose();
    } finally {
      setBusy(false);
    }
  };
  return (
    <Confirm
      open
      onClose={onClose}
      title={t`Delete this deck?`}
      description={
        <Trans>
          “{shortTitle(deck.title)}” and its <Plural value={deck.counts.total} one="card" other="# cards" />{" "}
          are removed for good.
        </Trans>
      }
      action={t`Delete`}
      busy={busy}
      onConfirm={() => void go()}
    />
  );
}
