import { t } from "@lingui/core/macro";
import type { Session } from "@medai/client";
import { Link } from "@tanstack/react-router";
import { Archive, Link2, Pin } from "lucide-react";
import { useState } from "react";
import { CONVERSATION, focusAfter } from "../app/focus.ts";
import { ConversationMenu } from "./conversation_menu.tsx";
import { InlineName } from "./inline_name.tsx";
import { changeSession } from "./sessions.ts";

/** A list of conversations. */
export function SessionList({ sessions, all = sessions }: { sessions: Session[]; all?: Session[] }) {
  return (
    <ul>
      {sessions.map((session) => (
        <SessionRow key={session.id} session={session} neighbour={neighbourOf(session, all)?.id} />
      ))}
    </ul>
  );
}

/** Who takes the place of a conversation that is gone from a list. */
function neighbourOf(session: Session, all: Session[]): Session | undefined {
  const at = all.indexOf(session);
  return all[at + 1] ?? all[at - 1];
}

/** A conversation in the list. */
function SessionRow({ session, neighbour }: { session: Session; neighbour: string | undefined }) {
  const [editing, setEditing] = useState(false);
  const title = session.title ?? t`New conversation`;
  if (editing)
    return (
      <li>
        <InlineName
          name={title}
          label={t`Title of the conversation`}
          maxLength={200}
          onDone={(next, byKey) => {
            setEditing(false);
            if (byKey) focusAfter("renamed", session.id);
            if (next && next !== title) void changeSession(session.id, { title: next });
          }}
        />
      </li>
    );
  return (
    <li className="group/row relative">
      <Link
        to="/chat/$id"
        params={{ id: session.id }}
        dir="auto"
        title={title}
        data-focus={CONVERSATION(session.id)}
        className="flex items-center gap-1.5 rounded-md py-1.5 ps-2 pe-9 pointer-coarse:py-2.5 pointer-coarse:pe-11 text-[0.9375rem] hover:bg-sunken aria-[current=page]:bg-accent-soft"
        onDoubleClick={() => setEditing(true)}
      >
        <span className="min-w-0 flex-1 truncate">{title}</span>
        {session.pinned && <Mark Icon={Pin} what={t`pinned`} />}
        {session.archived && <Mark Icon={Archive} what={t`archived`} />}
        {session.shared_at && <Mark Icon={Link2} what={t`shared`} />}
      </Link>
      <div className="absolute end-0.5 top-0.5 opacity-100 group-focus-within/row:opacity-100 group-hover/row:opacity-100 has-data-[state=open]:opacity-100 [@media(hover:hover)]:opacity-0">
        <ConversationMenu
          session={session}
          label={t`More for ${title}`}
          className="size-7! pointer-coarse:size-10!"
          neighbour={neighbour}
          onRename={() => setEditing(true)}
        />
      </div>
    </li>
  );
}

/** A small sign beside a title, which is read out, too. */
function Mark({ Icon, what }: { Icon: typeof Pin; what: string }) {
  return (
    <>
      <Icon size={13} className="shrink-0 text-faint" aria-hidden />
      <span className="sr-only">, {what}</span>
    </>
  );
}
