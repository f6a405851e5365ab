import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Session } from "@medai/client";
import { Button, IconButton } from "@medai/ui";
import { Link2, Pencil } from "lucide-react";
import { useState } from "react";
import { InDialog } from "../app/fetched.tsx";
import { focusAfter, TITLE } from "../app/focus.ts";
import { ConversationMenu } from "./conversation_menu.tsx";
import { ShareDialog } from "./dialogs.ts";
import { InlineName } from "./inline_name.tsx";
import { changeSession } from "./sessions.ts";

/** What the open conversation is called, and what can be done with it. On paper it is the heading. */
export function TitleBar({ title, session }: { title: string | undefined; session: Session | undefined }) {
  const [editing, setEditing] = useState(false);
  const [sharing, setSharing] = useState(false);
  const shown = title ?? t`Conversation`;
  return (
    <div className="flex h-12 shrink-0 items-center gap-1 border-line border-b ps-4 pe-2 sm:ps-6 print:block print:h-auto print:border-b-0 print:px-0">
      {editing && session ? (
        <InlineName
          name={shown}
          label={t`Title of this conversation`}
          maxLength={200}
          className="max-w-[40rem]"
          onDone={(next, byKey) => {
            setEditing(false);
            if (byKey) focusAfter("titleChanged");
            if (next && next !== title) void changeSession(session.id, { title: next });
          }}
        />
      ) : (
        <h1
          dir="auto"
          title={shown}
          className="min-w-0 truncate font-medium font-sans text-[0.9375rem] tracking-normal print:mb-2 print:whitespace-normal print:text-2xl"
          onDoubleClick={() => session && setEditing(true)}
        >
          {shown}
        </h1>
      )}
      {session && !editing && (
        <IconButton
          label={t`Rename this conversation`}
          size="sm"
          icon={<Pencil size={14} />}
          data-focus={TITLE}
          onClick={() => setEditing(true)}
        />
      )}
      {session && (
        <div className="ms-auto flex shrink-0 items-center gap-1 print:hidden">
          {session.shared_at && (
            <Button look="quiet" size="sm" icon={<Link2 size={15} />} onClick={() => setSharing(true)}>
              <Trans>Shared</Trans>
            </Button>
          )}
          <ConversationMenu
            session={session}
            label={t`What to do with this conversation`}
            onRename={() => setEditing(true)}
          />
        </div>
      )}
      {sharing && session && (
        <InDialog onClose={() => setSharing(false)}>
          <ShareDialog session={session} onClose={() => setSharing(false)} />
        </InDialog>
      )}
    </div>
  );
}
