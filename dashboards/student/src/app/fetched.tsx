/** What is shown of parts that are fetched when they are needed, where they do not come. */
import { Problem } from "@medai/client";
import { tryChunksAgain } from "@medai/client/chunks";
import { ErrorState, Loads, Skeleton, say } from "@medai/ui";
import { type ReactNode, useEffect } from "react";
import { told } from "./api_message.ts";

/** A part of a page: the error is in its place, and can be tried again. */
export function Part({ fallback, children }: { fallback?: ReactNode; children: ReactNode }) {
  return (
    <Loads fallback={fallback} failed={(error, again) => <NotHere error={error} onAgain={again} />}>
      {children}
    </Loads>
  );
}

/** In the place of what was asked of the API: that it is on its way, or what is wrong. */
export function Awaited({
  error,
  refetch,
  className,
}: {
  error: Error | null;
  refetch: () => unknown;
  className: string;
}) {
  if (!error) return <Skeleton className={className} />;
  const { requestId } = Problem.wrap(error);
  return <ErrorState message={told(error)} requestId={requestId} onRetry={() => void refetch()} />;
}

function NotHere({ error, onAgain }: { error: unknown; onAgain: () => void }) {
  const problem = Problem.wrap(error);
  const retry = () => void tryChunksAgain().then(onAgain);
  return <ErrorState message={told(problem)} requestId={problem.requestId} onRetry={retry} />;
}

/** A dialog that does not open: it is said, and nothing stays open. */
export function InDialog({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  return <Loads failed={(error) => <Closed error={error} onClose={onClose} />}>{children}</Loads>;
}

function Closed({ error, onClose }: { error: unknown; onClose: () => void }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    say(told(error));
    // The next time it is asked for, it is fetched anew.
    void tryChunksAgain();
    onClose();
  }, []);
  return null;
}
