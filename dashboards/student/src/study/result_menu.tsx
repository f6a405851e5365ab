import { t } from "@lingui/core/macro";
import { Confirm, IconButton, Menu, type MenuItem, say } from "@medai/ui";
import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { told } from "../app/api_message.ts";
import { focusAfter } from "../app/focus.ts";
import { type Kind, remove } from "./results_api.ts";
import { RenameDialog } from "./title_edit.tsx";

interface Props {
  kind: Kind;
  of: { id: string; title: string };
  /** What is lost with it. */
  lost: string;
  more?: MenuItem[];
  /** It is gone. */
  onRemoved?: () => void;
}

/** What can be done with something that a command made: at least another title, and to delete it. */
export function ResultMenu({ kind, of, lost, more = [], onRemoved }: Props) {
  const [doing, setDoing] = useState<"rename" | "delete">();
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await remove(kind, of.id);
      setDoing(undefined);
      focusAfter("turnedTo");
      onRemoved?.();
    } catch (error) {
      say(told(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Menu
        label={t`What to do with ${of.title}`}
        trigger={
          <IconButton label={t`More for ${of.title}`} tip={false} size="sm" icon={<Ellipsis size={17} />} />
        }
        items={[
          ...more,
          { label: t`Rename`, icon: <Pencil size={15} />, onSelect: () => setDoing("rename") },
          { label: t`Delete`, icon: <Trash2 size={15} />, danger: true, onSelect: () => setDoing("delete") },
        ]}
      />
      {doing === "rename" && <RenameDialog kind={kind} of={of} onClose={() => setDoing(undefined)} />}
      <Confirm
        open={doing === "delete"}
        onClose={() => setDoing(undefined)}
        title={t`Delete “${of.title}”?`}
        description={lost}
        action={t`Delete`}
        busy={busy}
        onConfirm={() => void confirm()}
      />
    </>
  );
}
