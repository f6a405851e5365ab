import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { api, type Session, unwrap } from "@medai/client";
import { Button, Dialog, day, Notice, say, TextField } from "@medai/ui";
import { useState } from "react";
import { told } from "../app/api_message.ts";
import { focusAfter, LINK, MAKE_LINK } from "../app/focus.ts";
import { useStatus } from "../app/status.tsx";
import { refetchSession } from "./sessions.ts";

/** Makes a link that shows a conversation to others, and ends it. */
export default function ShareDialog({ session, onClose }: { session: Session; onClose: () => void }) {
  const { sharing } = useStatus();
  const [link, setLink] = useState<string>();
  const [sharedAt, setSharedAt] = useState(session.shared_at);
  const [busy, setBusy] = useState(false);
  const params = { path: { id: session.id } };

  const doing = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
      await refetchSession(session.id);
    } catch (error) {
      say(told(error));
    } finally {
      setBusy(false);
    }
  };
  const make = () =>
    doing(async () => {
      const made = await unwrap(api.POST("/api/chat/sessions/{id}/share", { params }));
      setLink(new URL(made.path, location.origin).href);
      setSharedAt(made.shared_at);
      focusAfter("linkMade");
    });
  const end = () =>
    doing(async () => {
      await unwrap(api.DELETE("/api/chat/sessions/{id}/share", { params }));
      setLink(undefined);
      setSharedAt(null);
      focusAfter("linkEnded");
      say(t`The link shows nothing any more`);
    });
  const copy = async () => {
    await navigator.clipboard.writeText(link ?? "");
    say(t`Copied`);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Share by link`}
      description={t`Whoever has the link reads the questions and answers of this conversation, also those to come, without signing in. Your name, your documents and pictures are not shown; of a source only its title and page.`}
    >
      <div className="flex flex-col gap-4">
        {!sharing && (
          <Notice tone="warn">
            <Trans>Sharing is switched off here for now, so no link shows anything.</Trans>
          </Notice>
        )}
        {link && (
          <TextField
            label={t`Link`}
            readOnly
            data-focus={LINK}
            value={link}
            hint={t`It is shown only now: keep it, or make another later.`}
            onFocus={(event) => event.target.select()}
          />
        )}
        {sharedAt && !link && (
          <p>
            <Trans>
              Shared since {day(sharedAt)}. The link was shown when it was made; a new one takes its place,
              and the old one ends.
            </Trans>
          </p>
        )}
        <div className="flex flex-wrap justify-end gap-2">
          {sharedAt && (
            <Button look="danger" disabled={busy} onClick={() => void end()}>
              <Trans>Stop sharing</Trans>
            </Button>
          )}
          {link && (
            <Button look="primary" onClick={() => void copy()}>
              <Trans>Copy link</Trans>
            </Button>
          )}
          {!link && sharing && (
            <Button look="primary" busy={busy} data-focus={MAKE_LINK} onClick={() => void make()}>
              {sharedAt ? t`Make a new link` : t`Make a link`}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
