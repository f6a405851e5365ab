import { Button, Menu, type MenuItem } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Bookmark, Check, ChevronDown, Plus, Settings2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ManageDialog, SaveDialog } from "./dialogs.tsx";
import { type Fields, fieldsOf, same } from "./fields.ts";
import { type FilterPage, filtersQuery } from "./filters.ts";

interface Props {
  page: FilterPage;
  /** What the list is narrowed by now. */
  filter: object;
  onApply: (fields: Fields) => void;
}

/** The filters that this admin gave names: to apply one, to keep what is set now, and the one the page opens with. */
export function SavedFilters({ page, filter, onApply }: Props) {
  const { data: saved } = useQuery(filtersQuery(page));
  const [open, setOpen] = useState<"save" | "manage">();
  const now = fieldsOf(filter);
  useDefault(page, now, onApply);
  const items: MenuItem[] = [
    ...(saved ?? []).map((each) => ({
      label: each.is_default ? `${each.name} (default)` : each.name,
      icon: <Check size={15} aria-hidden className={same(each.filter, now) ? "" : "invisible"} />,
      onSelect: () => onApply(each.filter),
    })),
    {
      label: "Save this filter…",
      icon: <Plus size={15} aria-hidden />,
      disabled: Object.keys(now).length === 0,
      onSelect: () => setOpen("save"),
    },
  ];
  if (saved?.length)
    items.push({
      label: "Manage saved filters…",
      icon: <Settings2 size={15} aria-hidden />,
      onSelect: () => setOpen("manage"),
    });
  return (
    <>
      <Menu
        label="Saved filters"
        trigger={
          <Button look="quiet" icon={<Bookmark size={16} aria-hidden />}>
            Saved filters
            <ChevronDown size={16} aria-hidden />
          </Button>
        }
        items={items}
      />
      {open === "save" && (
        <SaveDialog page={page} filter={now} saved={saved ?? []} onClose={() => setOpen(undefined)} />
      )}
      {open === "manage" && (
        <ManageDialog page={page} saved={saved ?? []} onClose={() => setOpen(undefined)} />
      )}
    </>
  );
}

/** Whoever comes to the page by an address without a filter gets the default one, once. */
function useDefault(page: FilterPage, now: Fields, onApply: (fields: Fields) => void) {
  const { data: saved } = useQuery(filtersQuery(page));
  const pending = useRef(Object.keys(now).length === 0);
  const narrowed = Object.keys(now).length > 0;
  const apply = useRef(onApply);
  apply.current = onApply;
  useEffect(() => {
    // What somebody sets meanwhile stands.
    if (narrowed) pending.current = false;
    if (!saved || !pending.current) return;
    pending.current = false;
    const chosen = saved.find((each) => each.is_default);
    if (chosen) apply.current(chosen.filter);
  }, [saved, narrowed]);
}
