import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { register, useTries } from "@medai/client/react";
import { Button, duration, LinkLook, Notice, TextField } from "@medai/ui";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { FIRST_FIELD, focusAfter } from "../app/focus.ts";
import { useTitle } from "../app/title.ts";
import { told, toldFields } from "../app/told.ts";
import { AuthFrame } from "./frame.tsx";

export function RegisterPage() {
  useTitle(t`Create account`);
  const { problem, busy, wait, attempt } = useTries();
  const navigate = useNavigate();
  useEffect(() => focusAfter("formOpened"), []);
  const fields = toldFields(problem);
  const submit = (form: FormData) =>
    attempt(async () => {
      const [name, email, password] = ["name", "email", "password"].map((field) => String(form.get(field)));
      await register({ name: name ?? "", email: email ?? "", password: password ?? "" });
      await navigate({ to: "/", replace: true });
    });
  return (
    <AuthFrame
      title={t`Create account`}
      foot={
        <>
          <Trans>You have one?</Trans>{" "}
          <Link to="/sign-in" className={LinkLook}>
            <Trans>Sign in</Trans>
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
        {problem && problem.code !== "VALIDATION_FAILED" && (
          <Notice tone="bad" alert>
            {told(problem)} {wait > 0 && t`You can try again in ${duration(wait)}.`}
          </Notice>
        )}
        <TextField
          label={t`Name`}
          data-focus={FIRST_FIELD}
          name="name"
          autoComplete="name"
          required
          maxLength={100}
          problem={fields.name}
        />
        <TextField
          label={t`E-mail`}
          name="email"
          type="email"
          autoComplete="email"
          required
          problem={fields.email}
        />
        <TextField
          label={t`Password`}
          name="password"
          type="password"
          autoComplete="new-password"
          required
          minLength={8}
          hint={t`At least 8 characters, of at least two kinds.`}
          problem={fields.password}
        />
        <Button type="submit" look="primary" busy={busy} disabled={wait > 0}>
          <Trans>Create account</Trans>
        </Button>
      </form>
    </AuthFrame>
  );
}
