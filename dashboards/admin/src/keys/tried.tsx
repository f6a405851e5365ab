import { clock, Notice } from "@medai/ui";
import { className } from "../parts/names.ts";
import type { Tried as Outcome } from "./keys.ts";

/** What came of a test call. */
export function Tried({ tried }: { tried: Outcome }) {
  if (tried.ok)
    return (
      <Notice alert tone="good" title="It works">
        A call with this key was answered. It is not in the pool yet.
      </Notice>
    );
  return (
    <Notice
      alert
      tone={tried.class === "not_tried" ? "warn" : "bad"}
      title={tried.class ? className(tried.class) : "It does not work"}
    >
      {tried.reason}
      {tried.retry_at && ` It may work again at ${clock(tried.retry_at)}.`}
    </Notice>
  );
}
