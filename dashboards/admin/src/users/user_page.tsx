import { Problem } from "@medai/client";
import { useAccount } from "@medai/client/react";
import { Badge, clock, LinkLook, Notice, PageHead, Panel, Skeleton } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { useMay } from "../app/may.ts";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { Copy } from "../parts/copy.tsx";
import { Refused } from "../parts/refused.tsx";
import { Access } from "./access.tsx";
import { PLAN_NAMES } from "./plans.ts";
import { NameForm, PlanForm } from "./profile_forms.tsx";
import { RoleForm } from "./role_form.tsx";
import { ROLE_NAMES, withinReach } from "./rules.ts";
import { StatusBadge } from "./status_badge.tsx";
import { Today } from "./today.tsx";
import { type UserView, userQuery } from "./users.ts";

/** One account: who it is, what it used, and what an admin may do about it. */
export default function UserPage() {
  const { id } = useParams({ from: "/inside/users/$id" });
  const { data: user, error, refetch } = useQuery(userQuery(id));
  useTitle(user ? user.name || user.email : "User");
  return (
    <PageFrame>
      <Link
        to="/users"
        className="mb-3 inline-flex min-h-8 items-center gap-1 text-muted text-sm hover:text-ink"
      >
        <ChevronLeft size={16} aria-hidden /> All users
      </Link>
      {error && !user && (
        <Refused
          error={error}
          {...(Problem.wrap(error).status !== 404 && { onRetry: () => void refetch() })}
        />
      )}
      {!user && !error && <Skeleton className="h-96" />}
      {user && <Details user={user} />}
    </PageFrame>
  );
}

function Details({ user }: { user: UserView }) {
  const may = useMay();
  const me = useAccount();
  const reaches = withinReach(me.role, user.role);
  const manages = may("ManageUsers") && reaches;
  return (
    <>
      <PageHead title={user.name || user.email} lead={user.email} />
      <div className="flex flex-col gap-5">
        {!reaches && may("SupportUsers") && (
          <Notice>This account has a higher role than yours, so you cannot change it.</Notice>
        )}
        <div className="grid grid-cols-1 items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
          <div className="flex flex-col gap-5">
            <Today user={user} {...(may("SupportUsers") && reaches && { mayReset: true })} />
            {manages && <PlanForm key={`${user.id}${user.plan}`} user={user} />}
            {manages && <NameForm key={`${user.id}${user.name}`} user={user} />}
            {may("ManageAdmins") && <RoleForm user={user} />}
            {manages && <Access user={user} own={me.id === user.id} />}
          </div>
          <div className="order-first lg:order-none">
            <Facts user={user} />
          </div>
        </div>
      </div>
    </>
  );
}

function Facts({ user }: { user: UserView }) {
  const may = useMay();
  const facts: [string, React.ReactNode][] = [
    ["Status", <StatusBadge key="status" status={user.status} />],
    ["Plan", PLAN_NAMES[user.plan]],
    ["Role", user.role ? ROLE_NAMES[user.role] : "none"],
    [
      "E-mail",
      <Badge key="email" tone={user.email_verified ? "good" : "neutral"}>
        {user.email_verified ? "Verified" : "Not verified"}
      </Badge>,
    ],
    ["Registered", clock(user.created_at)],
  ];
  if (user.disabled_at) facts.push(["Disabled", clock(user.disabled_at)]);
  if (user.locked_until) facts.push(["Sign-in locked until", clock(user.locked_until)]);
  return (
    <Panel title="Account">
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2.5">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-faint">{name}</dt>
            <dd className="text-end">{value}</dd>
          </div>
        ))}
        <dt className="text-faint">Id</dt>
        <dd className="min-w-0 text-end">
          <Copy text={user.id} label="the id" />
        </dd>
      </dl>
      {may("ViewAudit") && (
        <p className="mt-4 flex flex-wrap gap-x-5 gap-y-1 border-line border-t pt-3 text-sm">
          <Link to="/audit" search={{ target: `user:${user.id}` }} className={LinkLook}>
            What was done to it
          </Link>
          <Link to="/audit" search={{ admin: user.id }} className={LinkLook}>
            What it did as an admin
          </Link>
        </p>
      )}
    </Panel>
  );
}
