import { useTries } from "@medai/client/react";
import { Button, Confirm, Notice, Panel, Select, Skeleton, say } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Refused } from "../parts/refused.tsx";
import { ROLE_HINTS, ROLE_NAMES, ROLES } from "./rules.ts";
import { type Allowed, allowlistQuery, removeAdmin, setRole, type UserView } from "./users.ts";

/** What the account may do as an admin. */
export function RoleForm({ user }: { user: UserView }) {
  const { data: list, error, refetch } = useQuery(allowlistQuery);
  const listed = list?.find(({ email }) => email === user.email);
  // The operator's super admin is one without being on the list.
  const named = list && !listed && user.role === "super_admin";
  return (
    <Panel title="Admin role">
      {error && !list && <Refused error={error} onRetry={() => void refetch()} />}
      {!list && !error && <Skeleton className="h-10" />}
      {named && (
        <p className="text-muted">
          This address is the super admin that the server’s settings name. It is one whatever is chosen here.
        </p>
      )}
      {list && !named && <Chosen key={`${user.id}${listed?.role}`} user={user} listed={listed} />}
    </Panel>
  );
}

function Chosen({ user, listed }: { user: UserView; listed: Allowed | undefined }) {
  const [role, setChosen] = useState<string>(listed?.role ?? "");
  const [asking, setAsking] = useState(false);
  const { problem, busy, attempt } = useTries();
  const chosen = ROLES.find((each) => each === role);
  const save = () =>
    attempt(async () => {
      try {
        if (chosen) await setRole({ email: user.email, role: chosen });
        else await removeAdmin(user.email);
      } finally {
        setAsking(false);
      }
      say(chosen ? `Role: ${ROLE_NAMES[chosen]}.` : "No admin any more.");
    });
  return (
    <>
      <form
        className="flex flex-wrap items-start gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          setAsking(true);
        }}
      >
        <div className="min-w-48 flex-1">
          <Select
            bare
            label="Admin role"
            value={role}
            hint={chosen ? ROLE_HINTS[chosen] : "A student like any other."}
            onChange={(event) => setChosen(event.target.value)}
          >
            <option value="">None</option>
            {ROLES.map((each) => (
              <option key={each} value={each}>
                {ROLE_NAMES[each]}
              </option>
            ))}
          </Select>
        </div>
        <Button type="submit" busy={busy} disabled={role === (listed?.role ?? "")}>
          Change role
        </Button>
      </form>
      {listed && !listed.in_force && (
        <div className="mt-3">
          <Notice tone="warn">
            The role is not in force: the address is not verified, or the account is disabled.
          </Notice>
        </div>
      )}
      {problem && (
        <div className="mt-3">
          <Refused error={problem} />
        </div>
      )}
      <Confirm
        key={role}
        open={asking}
        onClose={() => setAsking(false)}
        title={chosen ? `Make ${user.email} ${ROLE_NAMES[chosen]}?` : `Make ${user.email} a student again?`}
        description={
          chosen
            ? `${ROLE_HINTS[chosen]} It holds from the next request on, if the address is verified.`
            : "With the next request the account is a student’s like any other."
        }
        action="Change role"
        busy={busy}
        {...(!chosen && { typed: user.email })}
        onConfirm={() => void save()}
      />
    </>
  );
}
