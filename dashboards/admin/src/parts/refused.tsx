import { Problem } from "@medai/client";
import { Button, Notice, RequestId } from "@medai/ui";

/** What the API refused or could not do, in its own words, and how to try again. */
export function Refused({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = Problem.wrap(error);
  return (
    <Notice
      alert
      tone="bad"
      actions={
        onRetry && (
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {problem.message}
      {Object.entries(problem.fields).map(([field, what]) => (
        <span key={field}>
          {" "}
          {field}: {what}
        </span>
      ))}
      <RequestId id={problem.requestId} />
    </Notice>
  );
}
