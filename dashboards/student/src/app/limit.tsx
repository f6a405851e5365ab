import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Problem } from "@medai/client";
import { usePlans } from "@medai/client/react";
import { Button, Countdown, Notice, number } from "@medai/ui";
import { Link } from "@tanstack/react-router";
import { inWords } from "../plans/allowed.ts";
import { told, toldFields } from "./api_message.ts";

/**
 * What the API refused, in its own words, with the way out. A reached limit offers the next plan; a limit of zero was never
 * reached, it is what the plan does not have. Only what may pass by itself can be tried again.
 */
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
  const feature = detail(problem, "feature");
  const fields = Object.entries(toldFields(problem));
  const reset = none ? undefined : detail(problem, "reset_at");
  const [needed, left] = [detail(problem, "needed"), detail(problem, "left")];
  // What was sent will be refused again, however often.
  const refusal = fields.length > 0 || problem.status === 400 || problem.status === 422;
  // Something is left, but not enough for this: something smaller may still fit.
  const short =
    typeof needed === "number" && typeof left === "number" && left > 0 ? { needed, left } : undefined;
  return (
    <Notice
      alert
      tone={problem.isLimit || refusal ? "warn" : "bad"}
      title={
        none
          ? t`Not in your plan`
          : short
            ? t`Not enough left for this today`
            : problem.isLimit
              ? t`Daily limit reached`
              : undefined
      }
      actions={
        <>
          {problem.isLimit && (
            <Button look="primary" size="sm" asChild>
              <Link to="/pricing">
                <Trans>See the plans</Trans>
              </Link>
            </Button>
          )}
          {problem.isLimit && !none && (
            <Button size="sm" asChild>
              <Link to="/usage">
                <Trans>Your usage</Trans>
              </Link>
            </Button>
          )}
          {onRetry && !problem.isLimit && !refusal && (
            <Button size="sm" onClick={onRetry}>
              <Trans>Try again</Trans>
            </Button>
          )}
          {onDismiss && (
            <Button size="sm" look="quiet" onClick={onDismiss}>
              <Trans>Dismiss</Trans>
            </Button>
          )}
        </>
      }
    >
      {none && typeof feature === "string" ? (
        <NotIncluded feature={feature} />
      ) : (
        fields.length === 0 && told(problem)
      )}
      {fields.map(([field, what]) => (
        // What begins small goes on after the field's name.
        <span key={field}>{/^[a-z]/.test(what) ? `${field} ${what}` : what} </span>
      ))}
      {short && (
        <span>
          {" "}
          <Trans>
            This takes about {number(short.needed)} tokens, and {number(short.left)} are left. A shorter
            question, or one in a new conversation, may still fit.
          </Trans>
        </span>
      )}
      {typeof reset === "string" && (
        <span>
          {" "}
          <Trans>
            It starts again in <Countdown to={reset} />.
          </Trans>
        </span>
      )}
    </Notice>
  );
}

function detail({ details }: Problem, name: "limit" | "reset_at" | "needed" | "left" | "feature"): unknown {
  return typeof details === "object" && details !== null
    ? (details as Record<string, unknown>)[name]
    : undefined;
}

/** What is not in the plan, and where it is. */
function NotIncluded({ feature }: { feature: string }) {
  return inWords(feature, usePlans());
}
