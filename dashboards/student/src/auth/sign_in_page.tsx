import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { signIn, useTries } from "@medai/client/react";
import { LinkLook, SignInForm } from "@medai/ui";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { told } from "../app/api_message.ts";
import { FIRST_FIELD, focusAfter } from "../app/focus.ts";
import { useTitle } from "../app/title.ts";
import { AuthFrame } from "./frame.tsx";

export function SignInPage() {
  useTitle(t`Sign in`);
  const { problem, busy, wait, attempt } = useTries();
  const { next, ended } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  useEffect(() => focusAfter("formOpened"), []);
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
      <SignInForm
        ended={ended}
        problem={problem && told(problem)}
        busy={busy}
        wait={wait}
        focusName={FIRST_FIELD}
        onSubmit={(body) =>
          void attempt(async () => {
            await signIn(body);
            await navigate({ to: next ?? "/", replace: true });
          })
        }
      />
    </AuthFrame>
  );
}
