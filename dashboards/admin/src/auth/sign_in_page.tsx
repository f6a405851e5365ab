import { signIn, useTries } from "@medai/client/react";
import { SignInForm } from "@medai/ui";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTitle } from "../app/title.ts";
import { Frame } from "./frame.tsx";

export function SignInPage() {
  useTitle("Sign in");
  const { problem, busy, wait, attempt } = useTries();
  const { next, ended } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  return (
    <Frame title="Sign in">
      <SignInForm
        ended={ended}
        problem={problem?.message}
        busy={busy}
        wait={wait}
        onSubmit={(body) =>
          void attempt(async () => {
            await signIn(body);
            await navigate({ to: next ?? "/", replace: true });
          })
        }
      />
    </Frame>
  );
}
