import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { api, type Message, Problem, unwrap } from "@medai/client";
import { Button, Skeleton, say } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { told } from "../app/api_message.ts";
import { Part } from "../app/fetched.tsx";
import { focusAfter, focusOpener, rememberOpener } from "../app/focus.ts";
import { SidePanel } from "../app/side_panel.tsx";
import { useTitle } from "../app/title.ts";
import { SourcePanel } from "../source/chunk.ts";
import type { Cited } from "../source/cited.ts";
import { read } from "../stream/live.ts";
import { Absent } from "./absent.tsx";
import { type Choice, leafOf, placeOf, turnsOf } from "./branches.ts";
import { Composer, type ComposerHandle } from "./composer.tsx";
import { Conversation } from "./conversation.tsx";
import { DropHere, useDrop } from "./drop.tsx";
import { useFound } from "./found.ts";
import { useKnownDocuments } from "./known_documents.ts";
import { afterAnswer, edit, messagesQuery, regenerate, send, stop } from "./messages.ts";
import { setDocuments, useSession, useSessions } from "./sessions.ts";
import { useShortcuts } from "./shortcuts.ts";
import { Sources } from "./sources.tsx";
import { TitleBar } from "./title_bar.tsx";
import { TurnView } from "./turn.tsx";
import { useWanted } from "./wanted.ts";
import { Welcome } from "./welcome.tsx";

/** A conversation, or the beginning of one. */
export function ChatPage() {
  const { id } = useParams({ strict: false });
  const navigate = useNavigate();
  const composer = useRef<ComposerHandle>(null);
  const [choice, setChoice] = useState<Choice>({});
  const [editing, setEditing] = useState<string>();
  const [asked, setAsked] = useState(0);
  const [citation, setCitation] = useState<Cited>();
  const [about, setAbout] = useState<string[] | null>(null);
  const {
    data: messages,
    error,
    refetch,
  } = useQuery({ ...messagesQuery(id ?? ""), enabled: id !== undefined });
  const turns = useMemo(() => turnsOf(messages ?? [], choice), [messages, choice]);
  const gone = !messages && error !== null && Problem.wrap(error).status === 404;
  const pending = messages?.find(({ status }) => status === "pending");
  const { sessions } = useSessions();
  const known = useSession(id);
  // The list is asked anew after each question: it knows of the title that the first one made.
  const listed = sessions?.find((each) => each.id === id);
  const session = listed && known ? { ...listed, documents: known.documents ?? null } : (known ?? listed);
  const title = session?.title ?? undefined;
  useTitle(title);
  const searchedSince = useKnownDocuments(id);
  const newest = messages?.reduce<Message | undefined>((a, b) => (a && a.id > b.id ? a : b), undefined);

  useFound(messages, setChoice);

  // biome-ignore lint/correctness/useExhaustiveDependencies: each conversation is opened anew
  useEffect(() => focusAfter("opened"), [id]);

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
    work.catch((error: unknown) => say(told(error)));
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

  const onStop = () => {
    if (!pending?.job_id) return;
    guarded(stop(pending.job_id));
    focusAfter("stopped");
  };
  const onChoose = useCallback(
    (place: string, picked: string) => setChoice((known) => ({ ...known, [place]: picked })),
    [],
  );
  const onRegenerate = useCallback(
    (question: Message) => {
      forget(question.id);
      guarded(regenerate(question));
      focusAfter("regenerated");
    },
    [forget, guarded],
  );
  const onResend = useCallback(
    (question: Message, content: string) => {
      setEditing(undefined);
      forget(placeOf(question));
      guarded(edit(question, content));
      focusAfter("resent");
    },
    [forget, guarded],
  );
  const onEdit = useCallback((question: Message | undefined) => {
    setEditing((before) => {
      if (!question && before) focusAfter("editCancelled", before);
      return question?.id;
    });
  }, []);
  const onCite = useCallback((cited: Cited) => {
    rememberOpener();
    setCitation(cited);
  }, []);
  const closeSource = () => {
    setCitation(undefined);
    focusOpener();
  };

  const onFollowUp = useCallback((text: string) => composer.current?.set(text), []);
  useWanted(onFollowUp);

  useShortcuts(onStop);
  const drop = useDrop((files) => composer.current?.take(files));

  return (
    <div className="flex min-h-0 flex-1 print:block">
      <div className="relative flex min-w-0 flex-1 flex-col print:block" {...drop.props}>
        {id !== undefined && <TitleBar key={id} title={title} session={session} />}
        {id === undefined ? (
          <Welcome onPick={(text) => composer.current?.set(text)} />
        ) : messages ? (
          <Conversation session={id} turns={turns} asked={asked}>
            {(turn, drawn) => (
              <TurnView
                turn={turn}
                {...drawn}
                searchedSince={searchedSince}
                busy={pending !== undefined}
                editing={editing === turn.question.id}
                onEdit={onEdit}
                onResend={onResend}
                onRegenerate={onRegenerate}
                onChoose={onChoose}
                onCite={onCite}
                onFollowUp={pending === undefined && turn === turns.at(-1) ? onFollowUp : undefined}
              />
            )}
          </Conversation>
        ) : (
          <Absent error={error} onRetry={() => void refetch()} />
        )}
        {pending && !turns.some(({ answer }) => answer === pending) && (
          <p className="mx-auto mb-2 flex items-center gap-3 text-muted text-sm print:hidden">
            <Trans>An answer is being written in another version of this conversation.</Trans>
            <Button size="sm" onClick={() => setChoice({})}>
              <Trans>Show it</Trans>
            </Button>
          </p>
        )}
        <p role="status" className="sr-only">
          {pending
            ? t`An answer is being written.`
            : messages && messages.length > 0
              ? t`The answer is there.`
              : ""}
        </p>
        {/* Nothing can be asked in what is gone. */}
        {!gone && (
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
        )}
        {drop.over && <DropHere />}
      </div>
      {citation && (
        <SidePanel title={t`Source ${citation.n}`} onClose={closeSource}>
          <Part fallback={<Skeleton className="m-4 h-96" />}>
            <SourcePanel citation={citation} />
          </Part>
        </SidePanel>
      )}
    </div>
  );
}
