import { api, type Citation, type Message, Problem, unwrap } from "@medai/client";
import { Button, Empty, Skeleton, say } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type DragEvent, lazy, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { SidePanel } from "../app/side_panel.tsx";
import { useTitle } from "../app/title.ts";
import { read } from "../stream/live.ts";
import { type Choice, leafOf, placeOf, turnsOf } from "./branches.ts";
import { Composer, type ComposerHandle } from "./composer.tsx";
import { Conversation } from "./conversation.tsx";
import { afterAnswer, edit, messagesQuery, regenerate, send, stop } from "./messages.ts";
import { setDocuments, useSession, useSessions } from "./sessions.ts";
import { Sources } from "./sources.tsx";
import { TurnView } from "./turn.tsx";
import { Welcome } from "./welcome.tsx";

const SourcePanel = lazy(() => import("../source/source_panel.tsx"));

/** A conversation, or the beginning of one. */
export function ChatPage() {
  const { id } = useParams({ strict: false });
  const navigate = useNavigate();
  const composer = useRef<ComposerHandle>(null);
  const [choice, setChoice] = useState<Choice>({});
  const [editing, setEditing] = useState<string>();
  const [asked, setAsked] = useState(0);
  const [citation, setCitation] = useState<Citation>();
  const [about, setAbout] = useState<string[] | null>(null);
  const {
    data: messages,
    error,
    refetch,
  } = useQuery({ ...messagesQuery(id ?? ""), enabled: id !== undefined });
  const turns = useMemo(() => turnsOf(messages ?? [], choice), [messages, choice]);
  const pending = messages?.find(({ status }) => status === "pending");
  const { sessions } = useSessions();
  const session = useSession(id);
  const title = sessions?.find((session) => session.id === id)?.title ?? session?.title ?? undefined;
  useTitle(title);
  const newest = messages?.reduce<Message | undefined>((a, b) => (a && a.id > b.id ? a : b), undefined);

  // Whoever opens a conversation in which an answer is being written reads along, on any device.
  useEffect(() => {
    if (id && pending?.job_id) read(pending.job_id, () => void afterAnswer(id));
  }, [id, pending?.job_id]);

  // What belongs to one conversation is of no use in the next.
  const [shownFor, setShownFor] = useState(id);
  if (shownFor !== id) {
    setShownFor(id);
    setChoice({});
    setEditing(undefined);
    setCitation(undefined);
    setAbout(null);
    if (shownFor !== undefined) setAsked(0);
  }

  const forget = useCallback((place: string) => setChoice(({ [place]: _gone, ...others }) => others), []);
  const guarded = useCallback((work: Promise<void>) => {
    work.catch((error: unknown) => say(Problem.wrap(error).message));
  }, []);

  const ask = async (content: string, attachments: string[]) => {
    let within = id;
    if (!within) {
      within = (await unwrap(api.POST("/api/chat/sessions", { body: {} }))).id;
      if (about) await setDocuments(within, about);
      void navigate({ to: "/chat/$id", params: { id: within } });
    }
    const leaf = leafOf(turns);
    const parent = leaf && leaf.id !== newest?.id ? leaf.id : undefined;
    const sent = send({ session: within, content, attachments, parent });
    setTimeout(() => setAsked((count) => count + 1));
    await sent;
  };

  const onStop = () => pending?.job_id && guarded(stop(pending.job_id));
  const onChoose = useCallback(
    (place: string, picked: string) => setChoice((known) => ({ ...known, [place]: picked })),
    [],
  );
  const onRegenerate = useCallback(
    (question: Message) => {
      forget(question.id);
      guarded(regenerate(question));
    },
    [forget, guarded],
  );
  const onResend = useCallback(
    (question: Message, content: string) => {
      setEditing(undefined);
      forget(placeOf(question));
      guarded(edit(question, content));
    },
    [forget, guarded],
  );
  const onEdit = useCallback((question: Message | undefined) => setEditing(question?.id), []);

  const onSlash = () => composer.current?.command();
  useShortcuts(() => pending && onStop(), onSlash);
  const drop = useDrop((files) => composer.current?.take(files));

  return (
    <div className="flex min-h-0 flex-1">
      <div className="relative flex min-w-0 flex-1 flex-col" {...drop.props}>
        {id !== undefined && <h1 className="sr-only">{title ?? "Conversation"}</h1>}
        {id === undefined ? (
          <Welcome onPick={(text) => composer.current?.set(text)} />
        ) : messages ? (
          <Conversation session={id} turns={turns} asked={asked}>
            {(turn) => (
              <TurnView
                turn={turn}
                busy={pending !== undefined}
                editing={editing === turn.question.id}
                onEdit={onEdit}
                onResend={onResend}
                onRegenerate={onRegenerate}
                onChoose={onChoose}
                onCite={setCitation}
              />
            )}
          </Conversation>
        ) : (
          <Absent error={error} onRetry={() => void refetch()} />
        )}
        <p role="status" className="sr-only">
          {pending
            ? "An answer is being written."
            : messages && messages.length > 0
              ? "The answer is there."
              : ""}
        </p>
        <Composer
          ref={composer}
          session={id}
          busy={pending !== undefined}
          sources={
            <Sources
              chosen={id === undefined ? about : (session?.documents ?? null)}
              onChange={(chosen) =>
                id === undefined ? setAbout(chosen) : void setDocuments(id, chosen).catch(() => undefined)
              }
            />
          }
          onSend={ask}
          onStop={onStop}
          onUp={() => pending === undefined && setEditing(turns.at(-1)?.question.id)}
        />
        {drop.over && (
          <div className="pointer-events-none absolute inset-3 z-20 grid place-items-center rounded-lg border-2 border-accent border-dashed bg-paper/90">
            <p className="text-center">
              <span className="block font-serif text-xl">Drop it here</span>
              <span className="text-muted">PDFs go to your documents, images to your question</span>
            </p>
          </div>
        )}
      </div>
      {citation && (
        <SidePanel title={`Source ${citation.n}`} onClose={() => setCitation(undefined)}>
          <Suspense fallback={<Skeleton className="m-4 h-96" />}>
            <SourcePanel citation={citation} />
          </Suspense>
        </SidePanel>
      )}
    </div>
  );
}

function Absent({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
  if (!error)
    return (
      <div aria-busy className="mx-auto w-full max-w-[46rem] flex-1 px-6 pt-8">
        <Skeleton className="h-7 w-2/3" />
        <Skeleton className="mt-6 h-40" />
      </div>
    );
  const problem = Problem.wrap(error);
  return (
    <div className="flex-1">
      <Empty
        title={problem.status === 404 ? "There is no such conversation" : "The conversation can’t be shown"}
        actions={
          problem.status === 404 ? (
            <Button asChild>
              <Link to="/">Begin a new one</Link>
            </Button>
          ) : (
            <Button onClick={onRetry}>Try again</Button>
          )
        }
      >
        {problem.status === 404 ? "It may have been deleted." : problem.message}
      </Empty>
    </div>
  );
}

/** Keys that work wherever nothing is being typed. Escape works everywhere. */
function useShortcuts(onEscape: () => void, onSlash: () => void): void {
  const current = useRef({ onEscape, onSlash });
  current.current = { onEscape, onSlash };
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      const target = event.target as HTMLElement;
      const typing = target.matches("input, textarea, select, [contenteditable]");
      if (document.querySelector("[role=dialog],[role=menu]")) return;
      if (event.key === "Escape") current.current.onEscape();
      if (event.key === "/" && !typing) {
        event.preventDefault();
        current.current.onSlash();
      }
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);
}

function useDrop(take: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  const hasFiles = (event: DragEvent) => event.dataTransfer.types.includes("Files");
  return {
    over,
    props: {
      onDragOver: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        setOver(false);
        take([...event.dataTransfer.files]);
      },
    },
  };
}
