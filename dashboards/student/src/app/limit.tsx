import type { Problem } from "@medai/client";
import { Button, Countdown, Notice } from "@medai/ui";
import { Link } from "@tanstack/react-router";

/** What the API refused, in its own words, with the way out. A reached limit offers the next plan. */
export function ProblemNotice({
  problem,
  onRetry,
  onDismiss,
}: {
  problem: Problem;
  onRetry?: (() => void) | undefined;
  onDismiss?: (() => void) | undefined;
}) {
  const reset = resetOf(problem);
  return (
    <Notice
      alert
      tone={problem.isLimit ? "warn" : "bad"}
      title={problem.isLimit ? "That is all for today" : undefined}
      actions={
        <>
          {problem.isLimit && (
            <Button look="primary" size="sm" asChild>
              <Link to="/pricing">See the plans</Link>
            </Button>
          )}
          {problem.isLimit && (
            <Button size="sm" asChild>
              <Link to="/usage">Your usage</Link>
            </Button>
          )}
          {onRetry && !problem.isLimit && (
            <Button size="sm" onClick={onRetry}>
              Try again
            </Button>
          )}
          {onDismiss && (
            <Button size="sm" look="quiet" onClick={onDismiss}>
              Dismiss
            </Button>
          )}
        </>
      }
    >
      {problem.message}
      {Object.entries(problem.fields).map(([field, what]) => (
        <span key={field}> {what}</span>
      ))}
      {reset && (
        <span>
          {" "}
          It begins anew in <Countdown to={reset} />.
        </span>
      )}
    </Notice>
  );
}

function resetOf({ details }: Problem): string | undefined {
  const known = typeof details === "object" && details !== null && "reset_at" in details;
  return known && typeof details.reset_at === "string" ? details.reset_at : undefined;
}
