import { Problem, type Role } from "@medai/client";
import { useAccount, useTries } from "@medai/client/react";
import {
  Badge,
  Button,
  Confirm,
  cx,
  day,
  IconButton,
  LinkLook,
  Panel,
  Select,
  Skeleton,
  say,
  TextField,
} from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Refused } from "../parts/refused.tsx";
import { ROLE_HINTS, ROLE_NAMES, ROLES } from "../users/rules.ts";
import { type Allowed, allowlistQuery, removeAdmin, setRole } from "../users/users.ts";

/** Who is an admin: by address, whether or not there is an account. */
export function Admins() {
  const { data: list, error, refetch } = useQuery(allowlistQuery);
  const [leaving, setLeaving] = useState<Allowed>();
  const [busy, setBusy] = useState(false);
  const remove = async (email: string) => {
    setBusy(true);
    try {
      await removeAdmin(email);
      say("No admin any more.");
    } catch (failure) {
      say(Problem.wrap(failure).message);
    } finally {
      setBusy(false);
      setLeaving(undefined);
    }
  };
  return (
    <Panel title="Admins" aside="a change applies from the next request on">
      {error && !list && <Refused error={error} onRetry={() => void refetch()} />}
      {!list && !error && <Skeleton className="h-24" />}
      {list && (
        <>
          <ul aria-label="Admins" className="border-line border-t">
            {list.map((admin) => (
              <Row key={admin.email} admin={admin} onRemove={() => setLeaving(admin)} />
            ))}
          </ul>
          <NewAdmin />
        </>
      )}
      <Confirm
        key={leaving?.email}
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title="Remove this admin?"
        description="With the next request its account is a student’s like any other."
        action="Remove"
        {...(leaving && { typed: leaving.email })}
        busy={busy}
        onConfirm={() => leaving && void remove(leaving.email)}
      />
    </Panel>
  );
}

function Row({ admin, onRemove }: { admin: Allowed; onRemove: () => void }) {
  const own = useAccount().email === admin.email;
  const [busy, setBusy] = useState(false);
  const give = async (role: Role) => {
    setBusy(true);
    try {
      await setRole({ email: admin.email, role });
      say(`${admin.email}: ${ROLE_NAMES[role]}.`);
    } catch (failure) {
      say(Problem.wrap(failure).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b py-2.5">
      <div className="min-w-0 flex-1 basis-52">
        <p className="[overflow-wrap:anywhere]">
          {admin.user_id ? (
            <Link to="/users/$id" params={{ id: admin.user_id }} className={LinkLook}>
              {admin.email}
            </Link>
          ) : (
            admin.email
          )}
          {own && <span className="text-faint text-sm"> (you)</span>}
        </p>
        <p className="flex flex-wrap items-center gap-x-2 text-faint text-sm">
          {!admin.in_force && <Badge tone="warn">{admin.user_id ? "Not in force" : "No account yet"}</Badge>}
          since {day(admin.added_at)}
        </p>
      </div>
      <div className="w-40">
        <Select
          bare
          label={`Role of ${admin.email}`}
          value={admin.role}
          disabled={own}
          aria-busy={busy}
          onChange={(event) => {
            // It keeps the focus meanwhile.
            if (busy) return;
            const role = ROLES.find((each) => each === event.target.value);
            if (role) void give(role);
          }}
        >
          {ROLES.map((role) => (
            <option key={role} value={role}>
              {ROLE_NAMES[role]}
            </option>
          ))}
        </Select>
      </div>
      <IconButton
        label={`Remove ${admin.email}`}
        size="sm"
        icon={<Trash2 size={16} />}
        disabled={own}
        className={cx(own && "invisible")}
        onClick={onRemove}
      />
    </li>
  );
}

function NewAdmin() {
  const [email, setEmail] = useState("");
  const [role, setRoleOf] = useState<Role>("viewer");
  const { problem, busy, attempt } = useTries();
  return (
    <form
      aria-label="New admin"
      className="mt-4 grid items-start gap-3 sm:grid-cols-[minmax(0,1fr)_12rem_auto]"
      onSubmit={(event) => {
        event.preventDefault();
        void attempt(async () => {
          const added = await setRole({ email: email.trim(), role });
          say(
            added.user_id
              ? `${added.email}: ${ROLE_NAMES[role]}.`
              : "On the list. Its account is made on the server.",
          );
          setEmail("");
        });
      }}
    >
      <TextField
        label="E-mail"
        type="email"
        value={email}
        required
        maxLength={254}
        autoComplete="off"
        hint="Addresses of the list can’t be registered: who has no account gets it from the server’s command line."
        problem={problem?.fields.email}
        onChange={(event) => setEmail(event.target.value)}
      />
      <Select
        label="Role"
        value={role}
        hint={ROLE_HINTS[role]}
        onChange={(event) => setRoleOf(ROLES.find((each) => each === event.target.value) ?? role)}
      >
        {ROLES.map((each) => (
          <option key={each} value={each}>
            {ROLE_NAMES[each]}
          </option>
        ))}
      </Select>
      <Button type="submit" className="sm:mt-7" busy={busy} disabled={email.trim() === ""}>
        Add
      </Button>
      {problem && !problem.fields.email && (
        <div className="sm:col-span-3">
          <Refused error={problem} />
        </div>
      )}
    </form>
  );
}
