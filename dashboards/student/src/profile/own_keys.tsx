import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { api, type OwnKey, Problem, unwrap } from "@medai/client";
import { CHOICES, described, type Provider } from "@medai/client/providers";
import { queryClient, useTries } from "@medai/client/react";
import {
  ago,
  Badge,
  Button,
  Confirm,
  clock,
  IconButton,
  Panel,
  SecretField,
  Select,
  Skeleton,
  Switch,
  say,
  TextField,
  type Tone,
} from "@medai/ui";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { told, toldFields } from "../app/api_message.ts";
import { ProblemNotice } from "../app/limit.tsx";

/** A key may be one of another service that speaks a provider's protocol. */
function choiceName(provider: Provider): string {
  const known = described(provider);
  const label = known?.label ?? provider;
  return known?.spoken_by_others ? t`${label} or compatible` : label;
}

const STATES: Record<OwnKey["status"], MessageDescriptor> = {
  pending: msg`pending`,
  active: msg`active`,
  degraded: msg`degraded`,
  disabled: msg`disabled`,
};
const TONES: Record<string, Tone> = { active: "good", degraded: "warn", disabled: "bad" };

const keysQuery = queryOptions({
  queryKey: ["own-keys"],
  retry: false,
  queryFn: async () => (await unwrap(api.GET("/api/profile/keys"))).items,
});

const refetch = () => queryClient.invalidateQueries({ queryKey: keysQuery.queryKey });

/** The student's own provider keys. They serve that student alone, and before the shared ones. */
export function OwnKeys() {
  const { data: keys, error } = useQuery(keysQuery);
  const [adding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<OwnKey>();
  const problem = error ? Problem.wrap(error) : undefined;
  const exclusive = keys?.some((key) => key.never_fall_back) ?? false;

  const setExclusive = async (never_fall_back: boolean) => {
    try {
      for (const { id } of keys ?? [])
        await unwrap(
          api.PATCH("/api/profile/keys/{id}", { params: { path: { id } }, body: { never_fall_back } }),
        );
    } catch (failure) {
      say(told(failure));
    }
    await refetch();
  };
  const remove = async () => {
    if (!leaving) return;
    await unwrap(api.DELETE("/api/profile/keys/{id}", { params: { path: { id: leaving.id } } })).catch(
      (failure: unknown) => say(told(failure)),
    );
    setLeaving(undefined);
    await refetch();
  };

  return (
    <Panel title={t`Your own keys`} aside={t`up to five`}>
      <p className="mb-4 max-w-[60ch] text-muted">
        <Trans>
          With a key of your own, answers come through it first and cost none of your plan’s tokens. Keys are
          stored encrypted and never shown again.
        </Trans>
      </p>
      {problem && <ProblemNotice problem={problem} onRetry={() => void refetch()} />}
      {!keys && !problem && <Skeleton className="h-16" />}
      {keys && keys.length > 0 && (
        <>
          <ul aria-label={t`Your keys`} className="mb-4 border-line border-t">
            {keys.map((key) => (
              <li key={key.id} className="flex items-center gap-3 border-line border-b py-2.5">
                <div className="min-w-0 flex-1">
                  <p className="flex flex-wrap items-center gap-x-2.5">
                    <span className="font-medium">{choiceName(key.provider)}</span>
                    <code className="font-mono text-muted text-sm">{key.key_masked}</code>
                    <Badge tone={TONES[key.status] ?? "neutral"}>{i18n._(STATES[key.status])}</Badge>
                  </p>
                  <p className="text-faint text-sm [overflow-wrap:anywhere]">
                    {[
                      key.model,
                      key.base_url,
                      key.reason,
                      key.cooldown_until && t`paused until ${clock(key.cooldown_until)}`,
                      key.last_used_at ? t`last used ${ago(key.last_used_at)}` : t`not used yet`,
                    ]
                      .filter(Boolean)
                      .join(" · ")}
                  </p>
                </div>
                <IconButton
                  label={t`Delete the key ${key.key_masked}`}
                  size="sm"
                  icon={<Trash2 size={16} />}
                  onClick={() => setLeaving(key)}
                />
              </li>
            ))}
          </ul>
          <div className="mb-5">
            <Switch
              label={t`Never fall back to shared keys`}
              hint={t`If yours can’t answer, the question ends with an error instead.`}
              checked={exclusive}
              onChange={(checked) => void setExclusive(checked)}
            />
          </div>
        </>
      )}
      {keys &&
        (adding ? (
          <NewKey exclusive={exclusive} onDone={() => setAdding(false)} />
        ) : (
          keys.length < 5 && (
            <Button onClick={() => setAdding(true)}>
              <Trans>Add a key</Trans>
            </Button>
          )
        ))}
      <Confirm
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={t`Delete this key?`}
        description={t`${leaving?.key_masked ?? ""} is removed at once. You can add it again.`}
        action={t`Delete`}
        onConfirm={() => void remove()}
      />
    </Panel>
  );
}

function NewKey({ exclusive, onDone }: { exclusive: boolean; onDone: () => void }) {
  const [provider, setProvider] = useState<Provider>("gemini");
  const known = described(provider);
  const { problem, busy, attempt } = useTries();
  const fields = toldFields(problem);
  const submit = (form: FormData) =>
    attempt(async () => {
      const given = (name: string) => String(form.get(name) ?? "").trim() || null;
      const [key, base_url, model] = [given("key"), given("base_url"), given("model")];
      const body = { provider, key, base_url, model, never_fall_back: exclusive };
      await unwrap(api.POST("/api/profile/keys", { body }));
      await refetch();
      say(t`The key works and is in use`);
      onDone();
    });
  return (
    <form
      aria-label={t`New key`}
      className="grid gap-3 border-line border-t pt-4 sm:grid-cols-2"
      onSubmit={(event) => {
        event.preventDefault();
        void submit(new FormData(event.currentTarget));
      }}
    >
      <Select
        label={t`Provider`}
        value={provider}
        onChange={(event) => setProvider(event.target.value as Provider)}
      >
        {CHOICES.map(({ name }) => (
          <option key={name} value={name}>
            {choiceName(name)}
          </option>
        ))}
      </Select>
      <SecretField label={t`Key`} name="key" required={known?.needs_key} problem={fields.key} />
      {(known?.spoken_by_others || known?.self_hosted) && (
        <>
          <TextField
            label={t`Address`}
            name="base_url"
            type="url"
            placeholder="https://…"
            required={known?.self_hosted}
            hint={known?.spoken_by_others ? t`Left empty, ${known.label}’s own.` : undefined}
            problem={fields.base_url}
          />
          <TextField
            label={t`Model`}
            name="model"
            hint={t`Left empty, the usual one.`}
            problem={fields.model}
          />
        </>
      )}
      {problem && Object.keys(fields).length === 0 && (
        <div className="sm:col-span-2">
          <ProblemNotice problem={problem} />
        </div>
      )}
      <div className="flex gap-2 sm:col-span-2">
        <Button type="submit" look="primary" busy={busy}>
          {busy ? t`Trying it` : t`Test and add`}
        </Button>
        <Button look="quiet" onClick={onDone}>
          <Trans>Cancel</Trans>
        </Button>
      </div>
    </form>
  );
}
