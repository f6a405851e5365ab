import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { ComponentProps, ReactNode } from "react";
import { Button } from "./button.tsx";
import { TextField } from "./field.tsx";
import { duration } from "./format.ts";
import { Notice } from "./notice.tsx";

/** How the last try went. */
interface Tried {
  /** Why it was refused. */
  problem: string | undefined;
  busy: boolean;
  /** Seconds until it may be tried again. */
  wait: number;
}

/** A form by which somebody comes in. Its fields have names, by which what was typed is read. */
export function AuthForm({
  problem,
  busy,
  wait,
  action,
  onSubmit,
  children,
}: Tried & {
  /** What the button says. */
  action: string;
  onSubmit: (read: (field: string) => string) => void;
  children: ReactNode;
}) {
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        const form = new FormData(event.currentTarget);
        onSubmit((field) => String(form.get(field) ?? ""));
      }}
    >
      {problem !== undefined && (
        <Notice tone="bad" alert>
          {problem} {wait > 0 && t`You can try again in ${duration(wait)}.`}
        </Notice>
      )}
      {children}
      <Button type="submit" look="primary" busy={busy} disabled={wait > 0}>
        {action}
      </Button>
    </form>
  );
}

/** Signs in. */
export function SignInForm({
  ended = false,
  focusName,
  onSubmit,
  ...tried
}: Tried & {
  /** A session was there, and has ended by itself. */
  ended?: boolean | undefined;
  /** By which the first field is found (`data-focus`). */
  focusName?: string;
  onSubmit: (body: { email: string; password: string }) => void;
}) {
  return (
    <AuthForm
      {...tried}
      action={t`Sign in`}
      onSubmit={(read) => onSubmit({ email: read("email"), password: read("password") })}
    >
      {ended && tried.problem === undefined && (
        <Notice>
          <Trans>Your session has ended. Please sign in again.</Trans>
        </Notice>
      )}
      <EmailField data-focus={focusName} />
      <PasswordField autoComplete="current-password" />
    </AuthForm>
  );
}

type FieldProps = Omit<ComponentProps<typeof TextField>, "label" | "name" | "type" | "required"> & {
  "data-focus"?: string | undefined;
};

/** The address that an account belongs to. */
export const EmailField = (props: FieldProps) => (
  <TextField label={t`E-mail`} name="email" type="email" autoComplete="email" required {...props} />
);

/** The password of an account: the one there is, or a new one. */
export const PasswordField = (props: FieldProps & { autoComplete: "current-password" | "new-password" }) => (
  <TextField label={t`Password`} name="password" type="password" required {...props} />
);
