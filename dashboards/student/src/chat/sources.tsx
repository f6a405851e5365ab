import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Dialog, number, TextField } from "@medai/ui";
import { BookOpen } from "lucide-react";
import { type ReactNode, useState } from "react";
import { isSearchable, useDocuments } from "../documents/documents.ts";

interface Props {
  /** The documents that the conversation is about; null is all. */
  chosen: readonly string[] | null;
  onChange: (chosen: string[] | null) => void;
}

/** From so many on, they can be searched by their titles. */
const MANY = 8;

/** Which documents answers of a conversation may be from. There is nothing to choose where there are none. */
export function Sources({ chosen, onChange }: Props) {
  const { data } = useDocuments();
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const documents = data?.filter(isSearchable) ?? [];
  if (documents.length === 0) return null;
  const all = documents.map(({ id }) => id);
  const picked = new Set(all.filter((id) => chosen === null || chosen.includes(id)));
  const long =
    chosen === null
      ? t`All documents`
      : plural(picked.size, { 0: "No documents", one: "# document", other: "# documents" });
  const toggle = (id: string) =>
    onChange(all.filter((each) => (each === id ? !picked.has(id) : picked.has(each))));
  const found = documents.filter(({ title }) => title.toLowerCase().includes(query.trim().toLowerCase()));
  return (
    <>
      <Button
        size="sm"
        look="quiet"
        className="pointer-coarse:min-h-10"
        icon={<BookOpen size={16} aria-hidden />}
        aria-label={t`Answers from: ${long}`}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        <span className="max-sm:hidden">{long}</span>
        <span className="sm:hidden">
          {chosen === null ? t`All` : picked.size ? number(picked.size) : t`None`}
        </span>
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t`Documents for answers`}
        description={t`In this conversation. What is not in these documents is answered from general knowledge, and the answer says so.`}
      >
        {documents.length >= MANY && (
          <div className="mb-2">
            <TextField
              bare
              label={t`Search by title`}
              type="search"
              placeholder={t`Search`}
              value={query}
              onChange={(event) => setQuery(event.target.value)}
            />
          </div>
        )}
        <Choice checked={chosen === null} onChange={() => onChange(chosen === null ? [] : null)}>
          <Trans>All documents, new ones included</Trans>
        </Choice>
        <ul
          aria-label={t`Documents`}
          className="max-h-[max(10rem,calc(80dvh-21rem))] overflow-y-auto border-line border-y"
        >
          {found.map(({ id, title }) => (
            <li key={id}>
              <Choice checked={picked.has(id)} onChange={() => toggle(id)}>
                <bdi>{title}</bdi>
              </Choice>
            </li>
          ))}
        </ul>
        <div className="mt-4 flex justify-end">
          <Button look="primary" onClick={() => setOpen(false)}>
            <Trans>Done</Trans>
          </Button>
        </div>
      </Dialog>
    </>
  );
}

function Choice({
  checked,
  onChange,
  children,
}: {
  checked: boolean;
  onChange: () => void;
  children: ReactNode;
}) {
  return (
    <label className="flex min-h-10 items-center gap-3 rounded-sm px-1 py-1.5 hover:bg-sunken">
      <input type="checkbox" className="size-4.5 shrink-0" checked={checked} onChange={onChange} />
      <span className="min-w-0 break-words">{children}</span>
    </label>
  );
}
