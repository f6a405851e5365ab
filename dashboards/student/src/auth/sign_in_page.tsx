import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { signIn, useTries } from "@medai/client/react";
import { Button, duration, LinkLook, Notice, TextField } from "@medai/ui";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { FIRST_FIELD, focusAfter } from "../app/focus.ts";
import { useTitle } from "../app/title.ts";
import { told } from "../app/told.ts";
import { AuthFrame } from "./frame.tsx";

export function SignInPage() {
  useTitle(t`Sign in`);
  const { problem, busy, wait, attempt } = useTries();
  const { next, ended } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  useEffect(() => focusAfter("formOpened"), []);
  const submit = (form: FormData) =>
    attempt(async () => {
      await signIn({ email: String(form.get("email")), password: String(form.get("password")) });
      await navigate({ to: next ?? "/", replace: true });
    });
  return (
    <AuthFrame
      title={t`Sign in`}
      foot={
        <>
          <Trans>New here?</Trans>{" "}
          <Link to="/register" className={LinkLook}>
            <Trans>Create account</Trans>
          </Link>
        </>
      }
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        {ended && !problem && (
          <Notice>
            <Trans>Your session has ended. Please sign in again.</Trans>
          </Notice>
        )}
        {problem && (
          <Notice tone="bad" alert>
            {told(problem)} {wait > 0 && t`You can try again in ${duration(wait)}.`}
          </Notice>
        )}
        <TextField
          label={t`E-mail`}
          name="email"
          type="email"
          autoComplete="email"
          required
          data-focus={FIRST_FIELD}
        />
        <TextField
          label={t`Password`}
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Button type="submit" look="primary" busy={busy} disabled={wait > 0}>
          <Trans>Sign in</Trans>
        </Button>
      </form>
    </AuthFrame>
  );
}
