import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Problem } from "@medai/client";
import { Button, Empty, ErrorState, Skeleton } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { told } from "../app/api_message.ts";

/** In the place of a conversation that is not there (yet). */
export function Absent({ error, onRetry }: { error: Error | null; onRetry: () => void }) {
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
      {problem.status === 404 ? (
        <Empty
          title={t`There is no such conversation`}
          actions={
            <Button asChild>
              <Link to="/">
                <Trans>New question</Trans>
              </Link>
            </Button>
          }
        >
          <Trans>It may have been deleted.</Trans>
        </Empty>
      ) : (
        <ErrorState title={t`The conversation can’t be shown`} message={told(problem)} onRetry={onRetry} />
      )}
    </div>
  );
}
