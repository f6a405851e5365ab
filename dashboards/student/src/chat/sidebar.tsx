import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Session } from "@medai/client";
import { useAccount } from "@medai/client/react";
import { Button, cx, IconButton, Skeleton, ThemeChoice, Wordmark } from "@medai/ui";
import { Link, useNavigate } from "@tanstack/react-router";
import { ChartNoAxesColumn, FileText, Search, SquarePen, TextSearch, UserRound } from "lucide-react";
import { type ReactNode, useState } from "react";
import { focusAfter, SEARCH } from "../app/focus.ts";
import { openPalette } from "../palette/index.tsx";
import { StudyLink } from "../study/sidebar_link.tsx";
import { Disclosure } from "./disclosure.tsx";
import { FolderList } from "./folder_list.tsx";
import { FoundMessages, useRested } from "./found_messages.tsx";
import { grouped } from "./parts.ts";
import { SessionList } from "./session_row.tsx";
import { useSessions, useTitled } from "./sessions.ts";

/** The student's conversations, and the ways to the other pages. */
export function Sidebar() {
  const [query, setQuery] = useState("");
  const navigate = useNavigate();
  const words = query.trim().slice(0, 200);
  const found = useTitled(words, useRested(words));

  return (
    <nav aria-label={t`Conversations and pages`} className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-col gap-3 p-3">
        <Link to="/" aria-label={t`medai: home`} className="flex h-10 items-center px-1.5">
          <Wordmark />
        </Link>
        <div className="flex gap-1.5">
          <Button asChild look="primary" className="min-w-0 flex-1">
            {/* Also where it is the page already. */}
            <Link to="/" onClick={() => focusAfter("opened")}>
              <SquarePen size={17} /> <Trans>New question</Trans>
            </Link>
          </Button>
          <IconButton
            label={t`Search and commands`}
            icon={<TextSearch size={19} />}
            aria-haspopup="dialog"
            onClick={openPalette}
          />
        </div>
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
              const first = event.key === "Enter" && query !== "" ? found[0] : undefined;
              if (first) void navigate({ to: "/chat/$id", params: { id: first.id } });
            }}
          />
        </label>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-2 pb-3">
        {query === "" ? <Conversations /> : <Groups sessions={found} />}
        {query !== "" && <FoundMessages query={query} />}
      </div>
      <Pages />
    </nav>
  );
}

/** What is pinned, the folders, the rest by day, and the archive. */
function Conversations() {
  const { sessions, hasNextPage, fetchNextPage, isFetchingNextPage } = useSessions();
  if (!sessions)
    return (
      <div className="flex flex-col gap-2 p-2">
        {[70, 90, 55].map((width) => (
          <Skeleton key={width} className="h-5" />
        ))}
      </div>
    );
  const pinned = sessions.filter((session) => session.pinned);
  const others = sessions.filter((session) => !session.pinned);
  return (
    <>
      {pinned.length > 0 && (
        <Group name={t`Pinned`}>
          <SessionList sessions={pinned} all={sessions} />
        </Group>
      )}
      <FolderList />
      <Groups sessions={others} />
      {sessions.length === 0 && (
        <p className="px-2 py-6 text-center text-faint text-sm">
          <Trans>Your conversations appear here.</Trans>
        </p>
      )}
      {hasNextPage && (
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
      <section aria-label={t`Archive`} className="mt-3">
        <Disclosure name={t`Archived`} part={{ archived: true }} nothing={t`Nothing is archived.`} />
      </section>
    </>
  );
}

/** By day. */
function Groups({ sessions }: { sessions: Session[] }) {
  return grouped(sessions).map(([name, items]) => (
    <Group key={name} name={name}>
      <SessionList sessions={items} all={sessions} />
    </Group>
  ));
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <section aria-label={name}>
      <h2 className="px-2 pt-3 pb-1 font-medium font-sans text-faint text-xs tracking-normal">{name}</h2>
      {children}
    </section>
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
      <StudyLink className={PAGE} />
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
