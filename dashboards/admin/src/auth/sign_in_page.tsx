import { signIn, useTries } from "@medai/client/react";
import { Button, duration, Notice, TextField } from "@medai/ui";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTitle } from "../app/title.ts";
import { Frame } from "./frame.tsx";

export function SignInPage() {
  useTitle("Sign in");
  const { problem, busy, wait, attempt } = useTries();
  const { next, ended } = useSearch({ from: "/sign-in" });
  const navigate = useNavigate();
  const submit = (form: FormData) =>
    attempt(async () => {
      await signIn({ email: String(form.get("email")), password: String(form.get("password")) });
      await navigate({ to: next ?? "/", replace: true });
    });
  return (
    <Frame title="Sign in">
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit(new FormData(event.currentTarget));
        }}
      >
        {ended && !problem && <Notice>Your session has ended. Please sign in again.</Notice>}
        {problem && (
          <Notice tone="bad" alert>
            {problem.message} {wait > 0 && `You can try again in ${duration(wait)}.`}
          </Notice>
        )}
        <TextField label="E-mail" name="email" type="email" autoComplete="email" required />
        <TextField
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
        />
        <Button type="submit" look="primary" busy={busy} disabled={wait > 0}>
          Sign in
        </Button>
      </form>
    </Frame>
  );
}
