import { Problem } from "@medai/client";
import { Button, Confirm, clock, Panel, say } from "@medai/ui";
import { useState } from "react";
import { disable, enable, type UserView } from "./users.ts";

/** Whether the account can sign in. */
export function Access({ user, own }: { user: UserView; own: boolean }) {
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const lets = user.status === "active";
  const act = async () => {
    setBusy(true);
    try {
      await (lets ? disable(user.id) : enable(user.id));
      say(lets ? "Disabled, and signed out everywhere." : "The account can sign in again.");
    } catch (error) {
      say(Problem.wrap(error).message);
    } finally {
      setBusy(false);
      setAsking(false);
    }
  };
  return (
    <Panel title="Access">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-[52ch] text-muted">
          {own
            ? "This is your own account: you cannot disable it."
            : user.status === "active"
              ? "Disabled users are signed out everywhere at once, and cannot sign in until an admin enables them."
              : user.status === "locked"
                ? `After too many failed tries, sign-in is locked${user.locked_until ? ` until ${clock(user.locked_until)}` : ""} where nobody signed in to it before.`
                : `Disabled${user.disabled_at ? ` since ${clock(user.disabled_at)}` : ""}: nobody can sign in with it.`}
        </p>
        {!own && (
          <Button look={lets ? "danger" : "plain"} onClick={() => setAsking(true)}>
            {lets ? "Disable" : user.status === "locked" ? "Unlock" : "Enable"}
          </Button>
        )}
      </div>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={
          lets
            ? "Disable this account?"
            : user.status === "locked"
              ? "Unlock this account?"
              : "Enable this account?"
        }
        description={
          lets
            ? `${user.email} is signed out everywhere at once. Conversations and documents stay.`
            : `${user.email} can sign in again, and failed tries are forgotten.`
        }
        action={lets ? "Disable" : user.status === "locked" ? "Unlock" : "Enable"}
        harmless={!lets}
        busy={busy}
        onConfirm={() => void act()}
      />
    </Panel>
  );
}
