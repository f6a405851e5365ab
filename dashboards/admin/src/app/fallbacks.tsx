import { Problem } from "@medai/client";
import { tryChunksAgain } from "@medai/client/chunks";
import { ErrorState, NotFound } from "@medai/ui";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { useTitle } from "./title.ts";

/** In the place of a page that is not there, or not for this role. */
export function Nowhere() {
  useTitle("Page not found");
  return (
    <NotFound className="px-4" action={<Link to="/">Go to the overview</Link>}>
      It does not exist, or your role has no access to it.
    </NotFound>
  );
}

/** The same, with nothing around it. */
export function NowhereAtAll() {
  return (
    <main>
      <Nowhere />
    </main>
  );
}

export function Broken({ error, reset }: ErrorComponentProps) {
  const { invalidate } = useRouter();
  const problem = Problem.wrap(error);
  const retry = async () => {
    await tryChunksAgain();
    reset();
    await invalidate();
  };
  return <ErrorState message={problem.message} requestId={problem.requestId} onRetry={() => void retry()} />;
}
