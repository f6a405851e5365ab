import { t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { api, type Citation, type Message, unwrap } from "@medai/client";
import { Countdown, clock, Notice, number, Skeleton, useNow } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { WifiOff } from "lucide-react";
import { type ReactNode, useRef } from "react";
import { useFeatureOff } from "../app/status.tsx";
import type { Live } from "../stream/live.ts";
import { type Answer, hasBegun } from "../stream/reduce.ts";
import { useUsage } from "../usage/usage.ts";
import { FoundPassages } from "./found_passages.tsx";
import { type Wait, waitOf } from "./wait.ts";

/** After so many seconds without an event the job itself is asked how it is. */
const ASK_AFTER = 3;
const ASK_EVERY = 5_000;

interface Props {
  message: Message;
  live: Live | undefined;
  /** What was found for the question. */
  passages: readonly Citation[] | undefined;
  onCite: (citation: Citation) => void;
}

/** What an answer that is not there yet waits for; and what there is to read until then, where it waits for long. */
export function Progress({ message, live, passages = [], onCite }: Props) {
  const wait = useWait(message, live);
  const waits = wait.kind !== "nothing" && wait.kind !== "thinking" && wait.kind !== "silent";
  // What is being read stays until the answer is there.
  const shown = useRef(false);
  shown.current ||= passages.length > 0 && (waits || (message.citations?.length ?? 0) > 0);
  return (
    <>
      <Waiting wait={wait} quiet={wait.quiet} />
      {shown.current && !hasBegun(live?.answer) && passages.length > 0 && (
        <FoundPassages passages={passages} onCite={onCite} />
      )}
    </>
  );
}

function useWait(message: Message, live: Live | undefined): Wait & { quiet: number } {
  const answer = live?.answer;
  const quiet = useQuiet(answer);
  const closed = useFeatureOff(message.feature);
  const usage = useUsage();
  const asked = quiet >= ASK_AFTER && !hasBegun(answer) && answer?.phase !== "waiting";
  const { data: job } = useQuery({
    queryKey: ["job", message.job_id],
    enabled: asked && message.job_id != null,
    staleTime: 0,
    refetchInterval: ASK_EVERY,
    queryFn: () => unwrap(api.GET("/api/jobs/{id}", { params: { path: { id: message.job_id ?? "" } } })),
  });
  const wait = waitOf({
    answer,
    connected: live?.connected ?? true,
    quiet,
    job: asked ? job : undefined,
    closed,
    others: Math.max(0, (usage?.requests.held ?? 0) - 1),
  });
  return { ...wait, quiet };
}

function Waiting({ wait, quiet }: { wait: Wait; quiet: number }) {
  switch (wait.kind) {
    case "nothing":
      return null;
    case "lost":
      return (
        <Quiet>
          <WifiOff size={16} className="shrink-0" aria-hidden />
          <span className="min-w-0 flex-1">
            <Trans>Connection lost. The answer goes on here as soon as it is back.</Trans>
          </span>
        </Quiet>
      );
    case "key":
      return (
        <Notice tone="warn" title={t`All providers are at their limit`}>
          <Trans>
            Your question keeps its place and goes on by itself at {clock(wait.until)}, in{" "}
            <strong className="text-ink">
              <Countdown to={wait.until} />
            </strong>
            . You can leave this page.
          </Trans>
        </Notice>
      );
    case "closed":
      return (
        <Notice tone="warn" title={t`Your question waits`}>
          {wait.why} <Trans>It keeps its place and is answered afterwards.</Trans>
        </Notice>
      );
    case "others":
      return (
        <Beat>
          <Plural
            value={wait.others}
            one="Waiting for your other question to end: together they may use all that is left of today."
            other="Waiting for your other # questions to end: together they may use all that is left of today."
          />
        </Beat>
      );
    case "queue":
      return wait.before === 0 ? (
        <Beat>
          <Trans>In the queue</Trans>
        </Beat>
      ) : (
        <Beat>
          <Plural
            value={wait.before}
            one="In the queue, # question before yours"
            other="In the queue, # questions before yours"
          />
        </Beat>
      );
    case "still":
      return (
        <Beat>
          <Trans>
            Still in the queue: no questions are taken at the moment, perhaps it is paused. Yours keeps its
            place.
          </Trans>{" "}
          <Seconds quiet={quiet} />
        </Beat>
      );
    case "thinking":
      return (
        <Beat>
          <Trans>Thinking</Trans>
        </Beat>
      );
    case "silent":
      return (
        <Beat>
          <Trans>The provider is slow to answer. If it stays silent, another one is tried.</Trans>{" "}
          <Seconds quiet={quiet} />
        </Beat>
      );
  }
}

/** For how many seconds nothing has come. */
function useQuiet(answer: Answer | undefined): number {
  const now = useNow();
  const last = useRef({ answer, at: now });
  if (last.current.answer !== answer) last.current = { answer, at: Date.now() };
  return Math.max(0, Math.floor((now - last.current.at) / 1000));
}

/** Read out with the rest once, and not each second. */
const Seconds = ({ quiet }: { quiet: number }) => (
  <span aria-hidden className="figures">
    <Trans>({number(quiet)} s)</Trans>
  </span>
);

export function Quiet({ children }: { children: ReactNode }) {
  return <div className="flex flex-wrap items-center gap-2.5 text-faint text-sm">{children}</div>;
}

/** Something is under way. */
function Beat({ children }: { children: ReactNode }) {
  return (
    <div role="status" className="flex items-center gap-2.5 text-faint text-sm">
      <Pulse />
      <span className="min-w-0">{children}</span>
    </div>
  );
}

function Pulse() {
  return (
    <span aria-hidden className="inline-flex shrink-0 items-center gap-1">
      <Skeleton className="size-1.5 rounded-full bg-accent!" />
      <Skeleton className="size-1.5 rounded-full bg-accent! [animation-delay:0.2s]" />
      <Skeleton className="size-1.5 rounded-full bg-accent! [animation-delay:0.4s]" />
    </span>
  );
}
