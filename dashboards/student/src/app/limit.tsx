import { Problem, type Usage } from "@medai/client";
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
  const none = problem.isLimit && detail(problem, "limit") === 0;
  const reset = none ? undefined : detail(problem, "reset_at");
  const [needed, left] = [detail(problem, "needed"), detail(problem, "left")];
  // Something is left, but not enough for this: something smaller may still fit.
  const short =
    typeof needed === "number" && typeof left === "number" && left > 0 ? { needed, left } : undefined;
  return (
    <Notice
      alert
      tone={problem.isLimit ? "warn" : "bad"}
      title={
        none
          ? "Not part of your plan"
          : short
            ? "Not enough left for this today"
            : problem.isLimit
              ? "That is all for today"
              : undefined
      }
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
      {short && (
        <span>
          {" "}
          This takes about {short.needed.toLocaleString("en")} tokens, and {short.left.toLocaleString("en")}{" "}
          are left. A shorter question, or one in a new conversation, may still fit.
        </span>
      )}
      {typeof reset === "string" && (
        <span>
          {" "}
          It begins anew in <Countdown to={reset} />.
        </span>
      )}
    </Notice>
  );
}

function detail({ details }: Problem, name: "limit" | "reset_at" | "needed" | "left"): unknown {
  return typeof details === "object" && details !== null
    ? (details as Record<string, unknown>)[name]
    : undefined;
}

/** What the API would answer where a plan has none of something, before a large file is sent to hear it. */
export function notInPlan(usage: Usage | undefined, feature: "pdf" | "image"): Problem | undefined {
  if (usage?.features[feature]?.limit !== 0) return undefined;
  const what = { pdf: "PDF", image: "image" }[feature];
  return new Problem(429, {
    code: `${what.toUpperCase()}_LIMIT_EXCEEDED`,
    message: `You've reached your daily ${what} limit of 0.`,
    details: { feature, limit: 0, used: 0 },
  });
}
