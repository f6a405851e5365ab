import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { say, useTheme } from "@medai/ui";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { told } from "../app/api_message.ts";
import { focusAfter } from "../app/focus.ts";
import { useOff } from "../app/status.tsx";
import { signOut } from "../auth/sign_out.ts";
import { COMMANDS } from "../chat/commands.ts";
import { useSessions } from "../chat/sessions.ts";
import { want } from "../chat/wanted.ts";
import { useDocuments } from "../documents/documents.ts";
import { DOCUMENT } from "../documents/named.ts";
import { commandText, type Entry } from "./entries.ts";

interface Given {
  typed: string;
  onHelp: () => void;
}

/** All that can be gone to and done. */
export function useEntries({ typed, onHelp }: Given): Entry[] {
  const actions = useActions(onHelp);
  const pages = usePages();
  const commands = useCommands(typed);
  const conversations = useConversations(typed !== "");
  const documents = useOwnDocuments();
  return [...actions, ...pages, ...commands, ...conversations, ...documents];
}

function useActions(onHelp: () => void): Entry[] {
  const navigate = useNavigate();
  const [theme, setTheme] = useTheme();
  const themes = [
    { value: "light", label: t`Light theme`, also: t`appearance bright day` },
    { value: "dark", label: t`Dark theme`, also: t`appearance night` },
    { value: "system", label: t`Theme as the system`, also: t`appearance automatic` },
  ] as const;
  const leave = async () => {
    try {
      await signOut("/api/auth/logout");
      await navigate({ to: "/sign-in" });
    } catch (error) {
      say(told(error));
    }
  };
  const ask = () => void navigate({ to: "/" }).then(() => focusAfter("opened"));
  return [
    { id: "new", group: "Do", label: t`New question`, also: t`ask chat conversation`, run: ask },
    ...themes
      .filter(({ value }) => value !== theme)
      .map(
        ({ value, label, also }): Entry => ({
          id: `theme-${value}`,
          group: "Do",
          label,
          also,
          run: () => setTheme(value),
        }),
      ),
    { id: "keys", group: "Do", label: t`Keyboard shortcuts`, also: t`help keys`, run: onHelp },
    { id: "sign-out", group: "Do", label: t`Sign out`, also: t`log out leave`, run: () => void leave() },
  ];
}

function usePages(): Entry[] {
  const navigate = useNavigate();
  const pages = [
    { to: "/study", label: t`Study`, also: t`decks cards flashcards Anki learn` },
    { to: "/documents", label: t`Documents`, also: t`PDFs upload files` },
    { to: "/usage", label: t`Usage`, also: t`limits tokens left today` },
    { to: "/profile", label: t`Profile`, also: t`name password keys settings account` },
    { to: "/pricing", label: t`Plans`, also: t`pricing upgrade subscription` },
    { to: "/study/review", label: t`Review`, also: t`study due cards today` },
    { to: "/study/statistics", label: t`Statistics`, also: t`retention reviews forecast` },
  ] as const;
  return pages.map(({ to, label, also }) => ({
    id: `page-${to}`,
    group: "Go to",
    label,
    also,
    run: () => void navigate({ to }),
  }));
}

/** A command goes to where questions are written, with its topic where one was typed. */
function useCommands(typed: string): Entry[] {
  const navigate = useNavigate();
  const off = useOff();
  return COMMANDS.filter(({ feature }) => !off(feature)).map(({ name, what }) => ({
    id: `command-${name}`,
    group: "Commands",
    label: `/${name}`,
    also: i18n._(what),
    hint: i18n._(what),
    run: () => {
      const text = commandText(name, typed);
      const inChat = location.pathname === "/" || location.pathname.startsWith("/chat/");
      void (inChat ? Promise.resolve() : navigate({ to: "/" })).then(() => {
        want(text);
        focusAfter("asked");
      });
    },
  }));
}

function useConversations(searching: boolean): Entry[] {
  const navigate = useNavigate();
  const { sessions, hasNextPage, fetchNextPage, isFetchingNextPage } = useSessions();
  // A search looks at all of them.
  useEffect(() => {
    if (searching && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [searching, hasNextPage, isFetchingNextPage, fetchNextPage]);
  return useMemo(
    () =>
      (sessions ?? []).map(({ id, title }) => ({
        id: `conversation-${id}`,
        group: "Conversations",
        label: title ?? t`New conversation`,
        run: () => void navigate({ to: "/chat/$id", params: { id } }),
      })),
    [sessions, navigate],
  );
}

function useOwnDocuments(): Entry[] {
  const navigate = useNavigate();
  const { data } = useDocuments();
  return (data ?? []).map(({ id, title }) => ({
    id: `document-${id}`,
    group: "Documents",
    label: title,
    run: () => void navigate({ to: "/documents", hash: DOCUMENT(id) }),
  }));
}
