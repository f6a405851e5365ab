import type { ComponentProps } from "react";
import { TextField } from "./field.tsx";

/** What is typed once and never shown, such as a key of an API: no password of a person, so no browser keeps it. */
export const SecretField = (props: Omit<ComponentProps<typeof TextField>, "type" | "autoComplete">) => (
  <TextField type="password" autoComplete="off" data-1p-ignore spellCheck={false} {...props} />
);
