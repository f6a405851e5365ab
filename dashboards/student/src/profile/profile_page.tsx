import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { api, unwrap } from "@medai/client";
import { accountQuery, queryClient, useAccount, useTries } from "@medai/client/react";
import { Button, Confirm, day, PageHead, Panel, say, TextField, ThemeChoice } from "@medai/ui";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { told, toldFields } from "../app/api_message.ts";
import { ScrollPage } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { signOut } from "../auth/sign_out.ts";
import { planName } from "../plans/plans.ts";
import { LanguagePanel } from "./language_panel.tsx";
import { OwnKeys } from "./own_keys.tsx";

/** Who the student is, their own keys, and the ways out. */
export default function ProfilePage() {
  useTitle(t`Profile`);
  const account = useAccount();
  return (
    <ScrollPage>
      <PageHead title={t`Profile`} lead={t`${account.email}, member since ${day(account.created_at)}`} />
      <div className="flex flex-col gap-5">
        <Name />
        <OwnKeys />
        <Panel title={t`Plan`}>
          <div className="flex flex-wrap items-center justify-between gap-3">
            <p className="text-muted">
              <Trans>
                You are on the <strong className="text-ink">{planName(account.plan)}</strong> plan.
              </Trans>
            </p>
            <Button asChild>
              <Link to="/pricing">
                <Trans>Compare plans</Trans>
              </Link>
            </Button>
          </div>
        </Panel>
        <Panel title={t`Appearance`}>
          <div className="flex items-center justify-between gap-3">
            <p className="text-muted">
              <Trans>On this device</Trans>
            </p>
            <ThemeChoice />
          </div>
        </Panel>
        <LanguagePanel />
        {account.role && (
          <Panel title={t`Admin`}>
            <div className="flex flex-wrap items-center justify-between gap-3">
              <p className="text-muted">
                <Trans>Your role is {account.role.replace("_", " ")}.</Trans>
              </p>
              <Button asChild>
                <a href="/admin">
                  <Trans>Open the admin app</Trans>
                </a>
              </Button>
            </div>
          </Panel>
        )}
        <SignOut />
      </div>
    </ScrollPage>
  );
}

function Name() {
  const account = useAccount();
  const [name, setName] = useState(account.name);
  const { problem, busy, attempt } = useTries();
  const save = () =>
    attempt(async () => {
      const changed = await unwrap(api.PATCH("/api/profile", { body: { name } }));
      queryClient.setQueryData(accountQuery.queryKey, changed);
      say(t`Saved`);
    });
  return (
    <Panel title={t`Name`}>
      <form
        className="flex flex-wrap items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="min-w-40 flex-1">
          <TextField
            bare
            label={t`Name`}
            value={name}
            required
            maxLength={100}
            autoComplete="name"
            problem={problem && (toldFields(problem).name ?? told(problem))}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Button type="submit" busy={busy} disabled={name.trim() === account.name || name.trim() === ""}>
          <Trans>Save</Trans>
        </Button>
      </form>
    </Panel>
  );
}

function SignOut() {
  const navigate = useNavigate();
  const [everywhere, setEverywhere] = useState(false);
  const [busy, setBusy] = useState(false);
  const leave = async (path: "/api/auth/logout" | "/api/auth/logout-all") => {
    setBusy(true);
    try {
      await signOut(path);
      await navigate({ to: "/sign-in" });
    } catch (error) {
      say(told(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title={t`Sign out`}>
      <div className="flex flex-wrap gap-2">
        <Button busy={busy} onClick={() => void leave("/api/auth/logout")}>
          <Trans>Sign out</Trans>
        </Button>
        <Button onClick={() => setEverywhere(true)}>
          <Trans>Sign out everywhere</Trans>
        </Button>
      </div>
      <Confirm
        open={everywhere}
        onClose={() => setEverywhere(false)}
        title={t`Sign out everywhere?`}
        description={t`Every device is signed out at once, this one too.`}
        action={t`Sign out everywhere`}
        harmless
        busy={busy}
        onConfirm={() => void leave("/api/auth/logout-all")}
      />
    </Panel>
  );
}
