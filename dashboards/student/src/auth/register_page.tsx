import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { register, useTries } from "@medai/client/react";
import { AuthForm, EmailField, LinkLook, PasswordField, TextField } from "@medai/ui";
import { Link, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { told, toldFields } from "../app/api_message.ts";
import { FIRST_FIELD, focusAfter } from "../app/focus.ts";
import { useTitle } from "../app/title.ts";
import { AuthFrame } from "./frame.tsx";

export function RegisterPage() {
  useTitle(t`Create account`);
  const { problem, busy, wait, attempt } = useTries();
  const navigate = useNavigate();
  useEffect(() => focusAfter("formOpened"), []);
  const fields = toldFields(problem);
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
      <AuthForm
        // What is wrong with a field is said at the field.
        problem={problem && problem.code !== "VALIDATION_FAILED" ? told(problem) : undefined}
        busy={busy}
        wait={wait}
        action={t`Create account`}
        onSubmit={(read) =>
          void attempt(async () => {
            await register({ name: read("name"), email: read("email"), password: read("password") });
            await navigate({ to: "/", replace: true });
          })
        }
      >
        <TextField
          label={t`Name`}
          data-focus={FIRST_FIELD}
          name="name"
          autoComplete="name"
          required
          maxLength={100}
          problem={fields.name}
        />
        <EmailField problem={fields.email} />
        <PasswordField
          autoComplete="new-password"
          minLength={8}
          hint={t`At least 8 characters, of at least two kinds.`}
          problem={fields.password}
        />
      </AuthForm>
    </AuthFrame>
  );
}
