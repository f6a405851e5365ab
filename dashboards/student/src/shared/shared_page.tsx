import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { api, type components, Problem, unwrap } from "@medai/client";
import { Button, Empty, ErrorState, Skeleton, ThemeChoice, TipProvider, Toasts, Wordmark } from "@medai/ui";
import { Markdown } from "@medai/ui/markdown";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { told } from "../app/api_message.ts";
import { useTitle } from "../app/title.ts";

type Conversation = components["schemas"]["SharedConversation"];
type SharedMessage = components["schemas"]["SharedMessage"];

/** A conversation that somebody shows to whoever has the link: to be read, and nothing else. */
export default function SharedPage() {
  const { token } = useParams({ from: "/shared/$token" });
  const { data, error, refetch } = useQuery({
    queryKey: ["shared", token],
    retry: false,
    queryFn: () => unwrap(api.GET("/api/shared/{token}", { params: { path: { token } } })),
  });
  useTitle(data ? (data.title ?? t`Shared conversation`) : t`Shared conversation`);
  return (
    <TipProvider>
      <div className="min-h-dvh">
        <header className="flex items-center justify-between gap-4 border-line border-b px-4 py-3 sm:px-8 print:hidden">
          <Link to="/" aria-label={t`medai: home`} className="flex h-10 items-center">
            <Wordmark />
          </Link>
          <ThemeChoice />
        </header>
        <main className="mx-auto w-full max-w-[46rem] px-4 py-6 sm:px-6">
          {data ? (
            <Shown conversation={data} />
          ) : error ? (
            <Absent error={error} onRetry={() => void refetch()} />
          ) : (
            <Skeleton className="h-64" />
          )}
        </main>
      </div>
      <Toasts />
    </TipProvider>
  );
}

function Shown({ conversation: { title, messages } }: { conversation: Conversation }) {
  return (
    <>
      <h1 dir="auto" className="text-[1.75rem] sm:text-[2.125rem]">
        {title ?? t`Conversation`}
      </h1>
      <p className="mt-1.5 text-muted">
        <Trans>
          A conversation with medai, a tutor for medical students. What it says may be wrong: check it.
        </Trans>
      </p>
      {messages.map((message, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they have no names, and stay in their order
        <Turn key={at} message={message} />
      ))}
      {messages.length === 0 && (
        <p className="mt-8 text-muted">
          <Trans>Nothing was asked in it yet.</Trans>
        </p>
      )}
      <p className="mt-10 border-line border-t pt-5 print:hidden">
        <Button asChild>
          <Link to="/">
            <Trans>Ask your own questions</Trans>
          </Link>
        </Button>
      </p>
    </>
  );
}

function Turn({ message: { role, content, citations } }: { message: SharedMessage }) {
  if (role === "user")
    return (
      <h2
        dir="auto"
        className="mt-9 whitespace-pre-wrap break-words border-accent border-s-[3px] ps-4 font-sans font-semibold text-[1.0625rem] leading-snug tracking-normal"
      >
        {content}
      </h2>
    );
  return (
    <article aria-label={t`Answer`} className="mt-4 max-w-[39.375rem]">
      <Markdown text={content} />
      {citations.length > 0 && (
        <ul aria-label={t`Sources`} className="mt-3 border-line border-t pt-2 text-sm">
          {citations.map(({ n, title, page }) => (
            <li key={n} className="flex gap-2.5 py-0.5">
              <span className="figures shrink-0 text-faint">[{n}]</span>
              <span className="min-w-0 [overflow-wrap:anywhere]">
                <bdi>{title}</bdi>, <Trans>p. {page}</Trans>
              </span>
            </li>
          ))}
        </ul>
      )}
    </article>
  );
}

function Absent({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const problem = Problem.wrap(error);
  if (problem.status === 404)
    return (
      <Empty title={t`There is no such conversation`}>
        <Trans>Whoever shared it may have ended that.</Trans>
      </Empty>
    );
  return <ErrorState title={t`It can’t be shown now`} message={told(problem)} onRetry={onRetry} />;
}
