import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Problem } from "@medai/client";
import { tryChunksAgain } from "@medai/client/chunks";
import { ErrorState, NotFound, Wordmark } from "@medai/ui";
import { type ErrorComponentProps, Link, useRouter } from "@tanstack/react-router";
import { told } from "./api_message.ts";
import { useTitle } from "./title.ts";

/** In the place of a page that is not there. Also for those who are not signed in, so with nothing around it. */
export function NowhereAtAll() {
  useTitle(t`Page not found`);
  return (
    <main className="flex min-h-dvh flex-col px-6 py-6 sm:px-10">
      <Wordmark />
      <NotFound
        large
        className="my-auto"
        action={
          <Link to="/">
            <Trans>Go to the home page</Trans>
          </Link>
        }
      >
        <Trans>There is nothing at this address.</Trans>
      </NotFound>
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
  return <ErrorState message={told(problem)} requestId={problem.requestId} onRetry={() => void retry()} />;
}
