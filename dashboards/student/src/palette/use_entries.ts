import { Problem } from "@medai/client";
import { say, useTheme } from "@medai/ui";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
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
    { value: "light", label: "Light theme", also: "appearance bright day" },
    { value: "dark", label: "Dark theme", also: "appearance night" },
    { value: "system", label: "Theme as the system", also: "appearance automatic" },
  ] as const;
  const leave = async () => {
    try {
      await signOut("/api/auth/logout");
      await navigate({ to: "/sign-in" });
    } catch (error) {
      say(Problem.wrap(error).message);
    }
  };
  const ask = () => void navigate({ to: "/" }).then(() => focusAfter("opened"));
  return [
    { id: "new", group: "Do", label: "New question", also: "ask chat conversation", run: ask },
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
    { id: "keys", group: "Do", label: "Keyboard shortcuts", also: "help keys", run: onHelp },
    { id: "sign-out", group: "Do", label: "Sign out", also: "log out leave", run: () => void leave() },
  ];
}

function usePages(): Entry[] {
  const navigate = useNavigate();
  const pages = [
    { to: "/documents", label: "Documents", also: "PDFs upload files" },
    { to: "/usage", label: "Usage", also: "limits tokens left today" },
    { to: "/profile", label: "Profile", also: "name password keys settings account" },
    { to: "/pricing", label: "Plans", also: "pricing upgrade subscription" },
  ] as const;
  return pages.map(({ to, label, also }) => ({
    id: `page-${label}`,
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
    also: what,
    hint: what,
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
        label: title ?? "New conversation",
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
