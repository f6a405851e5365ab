import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Session } from "@medai/client";
import { useAccount } from "@medai/client/react";
import { Button, cx, IconButton, Menu, Skeleton, say, ThemeChoice, Wordmark } from "@medai/ui";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import {
  ChartNoAxesColumn,
  Download,
  Ellipsis,
  FileText,
  Pencil,
  Search,
  SquarePen,
  Trash2,
  UserRound,
} from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { CONVERSATION, focusAfter, SEARCH } from "../app/focus.ts";
import { told } from "../app/told.ts";
import { FoundMessages } from "./found_messages.tsx";
import { saveConversation } from "./save.ts";
import { deleteSession, grouped, useRename, useSessions } from "./sessions.ts";

/** The student's conversations, and the ways to the other pages. */
export function Sidebar() {
  const [query, setQuery] = useState("");
  const navigate = useNavigate();
  const { sessions, hasNextPage, fetchNextPage, isFetchingNextPage } = useSessions();
  const found = useMemo(() => {
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    return sessions?.filter(({ title }) => words.every((word) => (title ?? "").toLowerCase().includes(word)));
  }, [sessions, query]);

  // A search looks at all of them.
  useEffect(() => {
    if (query !== "" && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [query, hasNextPage, isFetchingNextPage, fetchNextPage]);

  return (
    <nav aria-label={t`Conversations and pages`} className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-col gap-3 p-3">
        <Link to="/" aria-label={t`medai: home`} className="flex h-10 items-center px-1.5">
          <Wordmark />
        </Link>
        <Button asChild look="primary" className="w-full">
          {/* Also where it is the page already. */}
          <Link to="/" onClick={() => focusAfter("opened")}>
            <SquarePen size={17} /> <Trans>New question</Trans>
          </Link>
        </Button>
        <label className="flex h-9 pointer-coarse:h-11 items-center gap-2 rounded-md bg-sunken px-2.5 text-faint focus-within:outline-2 focus-within:outline-accent">
          <Search size={15} aria-hidden />
          <input
            data-focus={SEARCH}
            type="search"
            value={query}
            aria-label={t`Search conversations`}
            placeholder={t`Search titles and messages`}
            className="w-full bg-transparent text-ink text-sm outline-none placeholder:text-faint"
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape") setQuery("");
              const first = event.key === "Enter" && query !== "" ? found?.[0] : undefined;
              if (first) void navigate({ to: "/chat/$id", params: { id: first.id } });
            }}
          />
        </label>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {found ? (
          grouped(found).map(([name, items]) => (
            <section key={name} aria-label={name}>
              <h2 className="px-2 pt-3 pb-1 font-medium font-sans text-faint text-xs tracking-normal">
                {name}
              </h2>
              <ul>
                {items.map((session) => (
                  <Row key={session.id} session={session} neighbour={neighbourOf(session, found)?.id} />
                ))}
              </ul>
            </section>
          ))
        ) : (
          <div className="flex flex-col gap-2 p-2">
            {[70, 90, 55].map((width) => (
              <Skeleton key={width} className="h-5" />
            ))}
          </div>
        )}
        {query !== "" && <FoundMessages query={query} />}
        {found?.length === 0 && query === "" && (
          <p className="px-2 py-6 text-center text-faint text-sm">
            <Trans>Your conversations appear here.</Trans>
          </p>
        )}
        {hasNextPage && query === "" && (
          <Button
            look="quiet"
            size="sm"
            className="mt-2 w-full"
            busy={isFetchingNextPage}
            onClick={() => void fetchNextPage()}
          >
            <Trans>Show older conversations</Trans>
          </Button>
        )}
      </div>
      <Pages />
    </nav>
  );
}

const PAGES = [
  { to: "/documents", label: msg`Documents`, Icon: FileText },
  { to: "/usage", label: msg`Usage`, Icon: ChartNoAxesColumn },
] as const;

const PAGE =
  "flex min-h-9 pointer-coarse:min-h-11 items-center gap-2.5 rounded-md px-2.5 text-[0.9375rem] text-muted hover:bg-sunken hover:text-ink aria-[current=page]:bg-accent-soft aria-[current=page]:text-accent aria-[current=page]:font-medium";

function Pages() {
  const { name } = useAccount();
  return (
    <div className="border-line border-t p-2">
      {PAGES.map(({ to, label, Icon }) => (
        <Link key={to} to={to} className={PAGE}>
          <Icon size={17} aria-hidden /> {i18n._(label)}
        </Link>
      ))}
      <div className="flex items-center gap-1">
        <Link to="/profile" className={cx(PAGE, "min-w-0 flex-1")} aria-label={t`Profile of ${name}`}>
          <UserRound size={17} className="shrink-0" aria-hidden /> <span className="truncate">{name}</span>
        </Link>
        <ThemeChoice />
      </div>
    </div>
  );
}

/** Who takes the place of a conversation that is deleted. */
function neighbourOf(session: Session, all: Session[]): Session | undefined {
  const at = all.indexOf(session);
  return all[at + 1] ?? all[at - 1];
}

function Row({ session, neighbour }: { session: Session; neighbour: string | undefined }) {
  const { id } = useParams({ strict: false });
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const rename = useRename();
  const title = session.title ?? t`New conversation`;
  if (editing)
    return (
      <li>
        <Rename
          title={title}
          onDone={(next, byKey) => {
            setEditing(false);
            if (byKey) focusAfter("renamed", session.id);
            if (next && next !== title) rename.mutate({ id: session.id, title: next });
          }}
        />
      </li>
    );
  return (
    <li className="group/row relative">
      <Link
        to="/chat/$id"
        params={{ id: session.id }}
        dir="auto"
        title={title}
        data-focus={CONVERSATION(session.id)}
        className="block truncate rounded-md py-1.5 ps-2 pe-9 pointer-coarse:py-2.5 pointer-coarse:pe-11 text-[0.9375rem] hover:bg-sunken aria-[current=page]:bg-accent-soft"
        onDoubleClick={() => setEditing(true)}
      >
        {title}
      </Link>
      <div className="absolute end-0.5 top-0.5 opacity-100 group-focus-within/row:opacity-100 group-hover/row:opacity-100 has-data-[state=open]:opacity-100 [@media(hover:hover)]:opacity-0">
        <Menu
          label={t`What to do with ${title}`}
          trigger={
            <IconButton
              label={t`More for ${title}`}
              tip={false}
              size="sm"
              className="size-7! pointer-coarse:size-10!"
              icon={<Ellipsis size={16} />}
            />
          }
          items={[
            // The menu gives the focus back when it closes; only then the field may take it.
            {
              label: t`Rename`,
              icon: <Pencil size={15} />,
              onSelect: () => setTimeout(() => setEditing(true)),
            },
            {
              label: t`Save as Markdown`,
              icon: <Download size={15} />,
              onSelect: () => void saveConversation(session).catch((error) => say(told(error))),
            },
            {
              label: t`Delete`,
              icon: <Trash2 size={15} />,
              danger: true,
              onSelect: () => {
                deleteSession(session, neighbour);
                if (id === session.id) void navigate({ to: "/" });
              },
            },
          ]}
        />
      </div>
    </li>
  );
}

function Rename({
  title,
  onDone,
}: {
  title: string;
  onDone: (title: string | undefined, byKey: boolean) => void;
}) {
  const box = useRef<HTMLInputElement>(null);
  // A field that is taken away loses the focus, which is no second end.
  const done = useRef(false);
  useEffect(() => {
    box.current?.focus();
    box.current?.select();
  }, []);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" && event.key !== "Enter") return;
    event.stopPropagation();
    done.current = true;
    onDone(event.key === "Enter" ? box.current?.value.trim() : undefined, true);
  };
  return (
    <input
      ref={box}
      defaultValue={title}
      maxLength={200}
      aria-label={t`Title of the conversation`}
      className="my-px w-full rounded-md border border-accent bg-surface px-2 py-1 text-[0.9375rem] outline-none"
      onKeyDown={onKeyDown}
      onBlur={(event) => done.current || onDone(event.target.value.trim(), false)}
    />
  );
}
