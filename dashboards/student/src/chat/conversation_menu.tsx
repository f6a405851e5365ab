import { t } from "@lingui/core/macro";
import type { Session } from "@medai/client";
import { IconButton, Menu, say } from "@medai/ui";
import { useNavigate, useParams } from "@tanstack/react-router";
import {
  Archive,
  ArchiveRestore,
  Download,
  Ellipsis,
  FolderInput,
  Link2,
  Pencil,
  Pin,
  PinOff,
  Trash2,
} from "lucide-react";
import { useState } from "react";
import { told } from "../app/api_message.ts";
import { InDialog } from "../app/fetched.tsx";
import { focusAfter } from "../app/focus.ts";
import { useStatus } from "../app/status.tsx";
import { FolderDialog, ShareDialog } from "./dialogs.ts";
import { saveConversation } from "./save.ts";
import { archive, changeSession, deleteSession } from "./sessions.ts";

interface Props {
  session: Session;
  label: string;
  className?: string;
  /** Who takes its place in the list. */
  neighbour?: string | undefined;
  onRename: () => void;
}

/** What can be done with a conversation. */
export function ConversationMenu({ session, label, className, neighbour, onRename }: Props) {
  const { id } = useParams({ strict: false });
  const navigate = useNavigate();
  const { sharing } = useStatus();
  const [open, setOpen] = useState<"folder" | "share">();
  const { pinned, archived } = session;
  const title = session.title ?? t`New conversation`;
  const leave = () => id === session.id && void navigate({ to: "/" });
  // The menu gives the focus back when it closes; only then a field or a dialog may take it.
  const soon = (what: () => void) => () => void setTimeout(what);
  const set = (body: { pinned?: boolean; archived?: boolean }) => {
    void changeSession(session.id, body);
    focusAfter("moved", session.id);
  };
  const share = {
    label: t`Share by link`,
    icon: <Link2 size={15} />,
    onSelect: soon(() => setOpen("share")),
  };
  return (
    <>
      <Menu
        label={t`What to do with ${title}`}
        trigger={
          <IconButton
            label={label}
            tip={false}
            size="sm"
            {...(className ? { className } : {})}
            icon={<Ellipsis size={16} />}
          />
        }
        items={[
          { label: t`Rename`, icon: <Pencil size={15} />, onSelect: soon(onRename) },
          pinned
            ? { label: t`Unpin`, icon: <PinOff size={15} />, onSelect: () => set({ pinned: false }) }
            : { label: t`Pin`, icon: <Pin size={15} />, onSelect: () => set({ pinned: true }) },
          {
            label: t`Put into a folder`,
            icon: <FolderInput size={15} />,
            onSelect: soon(() => setOpen("folder")),
          },
          archived
            ? {
                label: t`Unarchive`,
                icon: <ArchiveRestore size={15} />,
                onSelect: () => set({ archived: false }),
              }
            : {
                label: t`Archive`,
                icon: <Archive size={15} />,
                onSelect: () => {
                  void archive(session, neighbour);
                  leave();
                },
              },
          ...(sharing || session.shared_at ? [share] : []),
          {
            label: t`Save as Markdown`,
            icon: <Download size={15} />,
            onSelect: () => void saveConversation(session).catch((error) => say(told(error))),
          },
          {
            label: t`Delete`,
            icon: <Trash2 size={15} />,
            danger: true,
            onSelect: () => {
              deleteSession(session, neighbour);
              leave();
            },
          },
        ]}
      />
      {open && (
        <InDialog onClose={() => setOpen(undefined)}>
          {open === "folder" && <FolderDialog session={session} onClose={() => setOpen(undefined)} />}
          {open === "share" && <ShareDialog session={session} onClose={() => setOpen(undefined)} />}
        </InDialog>
      )}
    </>
  );
}
