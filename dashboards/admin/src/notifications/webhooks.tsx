import { Problem } from "@medai/client";
import { useTries } from "@medai/client/react";
import { Badge, Button, Confirm, day, IconButton, Notice, Panel, Switch, say, TextField } from "@medai/ui";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { Copy } from "../parts/copy.tsx";
import { Refused } from "../parts/refused.tsx";
import { type Change, change, type Settings, type Webhook } from "./notifications.ts";

const MAX = 20;
type Wanted = NonNullable<Change["webhooks"]>;

/** Addresses that alerts are posted to. */
export function Webhooks({ settings }: { settings: Settings }) {
  const manages = useMay()("ManageNotifications");
  const { webhooks } = settings;
  const [leaving, setLeaving] = useState<Webhook>();
  const [secret, setSecret] = useState<Webhook>();
  const [busy, setBusy] = useState(false);
  const kept = (list: Webhook[]): Wanted => list.map(({ id, enabled }) => ({ id, enabled }));
  const put = async (wanted: Wanted, done: string) => {
    setBusy(true);
    try {
      await change({ webhooks: wanted });
      say(done);
    } catch (error) {
      say(Problem.wrap(error).message);
    } finally {
      setBusy(false);
      setLeaving(undefined);
    }
  };
  return (
    <Panel title="Webhooks" aside={manages && `up to ${MAX}`}>
      {secret?.secret && (
        <div className="mb-4">
          <Notice
            tone="good"
            alert
            title="Added. Its secret is shown now, and never again."
            actions={
              <Button size="sm" onClick={() => setSecret(undefined)}>
                I have it
              </Button>
            }
          >
            <p>It signs each message (Standard Webhooks), so that the receiver knows that it is ours.</p>
            <p className="mt-1.5">
              <code className="me-2 break-all font-mono text-[0.8125rem] text-ink">{secret.secret}</code>
              <Copy text={secret.secret} label="the secret" shown="Copy" />
            </p>
          </Notice>
        </div>
      )}
      {webhooks.length === 0 ? (
        <p className="mb-4 text-muted">
          None yet. Slack’s, and any service that takes a signed POST, will do.
        </p>
      ) : (
        <ul aria-label="Webhooks" className="mb-4 border-line border-t">
          {webhooks.map((hook) => (
            <li key={hook.id} className="flex items-center gap-3 border-line border-b py-2.5">
              <div className="min-w-0 flex-1">
                <p className="[overflow-wrap:anywhere]">{hook.url}</p>
                <p className="text-faint text-sm">since {day(hook.created_at)}</p>
              </div>
              {manages ? (
                <>
                  <Switch
                    bare
                    label={`Use ${hook.url}`}
                    checked={hook.enabled}
                    disabled={busy}
                    onChange={(enabled) =>
                      void put(
                        kept(webhooks.map((each) => (each.id === hook.id ? { ...each, enabled } : each))),
                        enabled ? "Switched on." : "Switched off.",
                      )
                    }
                  />
                  <IconButton
                    label={`Remove ${hook.url}`}
                    size="sm"
                    icon={<Trash2 size={16} />}
                    onClick={() => setLeaving(hook)}
                  />
                </>
              ) : (
                <Badge tone={hook.enabled ? "good" : "neutral"}>{hook.enabled ? "On" : "Off"}</Badge>
              )}
            </li>
          ))}
        </ul>
      )}
      {manages && webhooks.length < MAX && <NewWebhook kept={kept(webhooks)} onAdded={setSecret} />}
      <Confirm
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title="Remove this webhook?"
        description={`Nothing is posted to ${leaving?.url} any more, and its secret is forgotten.`}
        action="Remove"
        busy={busy}
        onConfirm={() => void put(kept(webhooks.filter(({ id }) => id !== leaving?.id)), "Removed.")}
      />
    </Panel>
  );
}

function NewWebhook({ kept, onAdded }: { kept: Wanted; onAdded: (hook: Webhook) => void }) {
  const [url, setUrl] = useState("");
  const { problem, busy, attempt } = useTries();
  const wrong = problem && Object.values(problem.fields)[0];
  return (
    <form
      className="flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(async () => {
          const after = await change({ webhooks: [...kept, { url: url.trim(), enabled: true }] });
          const added = after.webhooks.find(({ secret }) => secret);
          if (added) onAdded(added);
          setUrl("");
        });
      }}
    >
      <TextField
        label="Address"
        type="url"
        value={url}
        required
        maxLength={400}
        autoComplete="off"
        placeholder="https://…"
        problem={wrong}
        onChange={(event) => setUrl(event.target.value)}
      />
      {problem && !wrong && <Refused error={problem} />}
      <div>
        <Button type="submit" busy={busy} disabled={url.trim() === ""}>
          Add a webhook
        </Button>
      </div>
    </form>
  );
}
