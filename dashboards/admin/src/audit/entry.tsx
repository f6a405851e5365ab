import { Button, cx } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useId, useState } from "react";
import { useMay } from "../app/may.ts";
import { Copy } from "../parts/copy.tsx";
import { exact } from "../parts/figures.ts";
import { featureName } from "../parts/names.ts";
import { actionName, kindName } from "./actions.ts";
import type { Entry } from "./audit.ts";
import { Changes, Facts } from "./changes.tsx";
import { readable } from "./readable.ts";
import type { AuditSearch } from "./search.ts";

/** Who did it, as far as it is known. */
const actor = ({ admin_email, admin_id, user_agent }: Entry) =>
  admin_email ??
  (admin_id
    ? "a deleted account"
    : user_agent === "the server's command line"
      ? "the operator"
      : "the platform");

/** To what: by a name where the entry has one. */
function object({ admin_id, target_type, target_id, details }: Entry): string {
  const known = details as { email?: unknown; before?: { email?: unknown } };
  if (typeof known.email === "string") return known.email;
  // Who signs in does it to their own account.
  if (!target_id || target_id === admin_id) return "";
  if (target_type === "feature" || target_type === "maintenance") return featureName(target_id);
  return /^[0-9a-f-]{36}$/.test(target_id) ? `${kindName(target_type)} …${target_id.slice(-6)}` : target_id;
}

/** One entry: a line that opens. */
export function EntryRow({ entry, onNarrow }: { entry: Entry; onNarrow: (more: AuditSearch) => void }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const to = object(entry);
  return (
    <li className="border-line border-b last:border-b-0">
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
        className="grid w-full grid-cols-[1rem_minmax(0,1fr)] items-baseline gap-x-3 rounded-sm px-1 py-2.5 text-start hover:bg-sunken md:grid-cols-[1rem_9.5rem_minmax(0,2fr)_minmax(0,1fr)]"
      >
        <ChevronRight
          size={15}
          aria-hidden
          className={cx("translate-y-0.5 text-faint transition-transform", open && "rotate-90")}
        />
        <time dateTime={entry.timestamp} className="text-faint text-sm md:text-[0.9375rem]">
          {exact(entry.timestamp)}
        </time>
        <span className="col-start-2 min-w-0 [overflow-wrap:anywhere] md:col-start-auto">
          <span className="font-medium">{actionName(entry.action_type)}</span>
          {to && (
            <span className="text-muted max-md:block">
              <span aria-hidden className="max-md:hidden">
                {" · "}
              </span>
              {to}
            </span>
          )}
        </span>
        <span className="col-start-2 min-w-0 truncate text-muted text-sm md:col-start-auto md:text-end">
          {actor(entry)}
        </span>
      </button>
      {open && (
        <div
          id={id}
          className="mb-3 ms-1 flex flex-col gap-4 rounded-md bg-paper p-3.5 md:ms-7 md:p-4 [&>*]:max-w-4xl"
        >
          <Changes told={readable(entry.details)} />
          <Facts facts={facts(entry)} />
          <Ways entry={entry} onNarrow={onNarrow} />
        </div>
      )}
    </li>
  );
}

function facts(entry: Entry): [string, ReactNode][] {
  const known: [string, ReactNode][] = [
    [
      "Action",
      <code key="action" className="font-mono text-[0.8125rem]">
        {entry.action_type}
      </code>,
    ],
    ["Done to", <Target key="target" entry={entry} />],
  ];
  if (entry.ip_address) known.push(["From", entry.ip_address]);
  if (entry.user_agent) known.push(["By", entry.user_agent]);
  if (entry.request_id)
    known.push(["Request", <Copy key="request" text={entry.request_id} label="the request’s id" />]);
  return known;
}

function Target({ entry: { target_type: kind, target_id: id } }: { entry: Entry }) {
  if (!id) return kindName(kind);
  return (
    <>
      {kindName(kind)} <Copy text={id} label="the id" />
    </>
  );
}

/** Where to go on from an entry. */
function Ways({ entry, onNarrow }: { entry: Entry; onNarrow: (more: AuditSearch) => void }) {
  const may = useMay();
  const { admin_email: admin, target_type: kind, target_id: id } = entry;
  return (
    <div className="flex flex-wrap gap-2">
      {kind === "user" && id && may("ViewUsers") && (
        <Button size="sm" asChild>
          <Link to="/users/$id" params={{ id }}>
            Open the account
          </Link>
        </Button>
      )}
      {kind === "job" && id && may("ViewJobs") && (
        <Button size="sm" asChild>
          <Link to="/jobs/$id" params={{ id }}>
            Open the job
          </Link>
        </Button>
      )}
      {admin && (
        <Button size="sm" onClick={() => onNarrow({ admin })}>
          All by {admin}
        </Button>
      )}
      {id && (
        <Button size="sm" onClick={() => onNarrow({ target: `${kind}:${id}` })}>
          All about this {kindName(kind)}
        </Button>
      )}
      <Button size="sm" onClick={() => onNarrow({ action: entry.action_type })}>
        All of this kind
      </Button>
    </div>
  );
}
