import { Plural, Trans } from "@lingui/react/macro";
import type { Backlog } from "./types.ts";

/** After missed days: what the plan is now. Nobody is to blame. */
export function BacklogLine({ backlog }: { backlog: Backlog | null | undefined }) {
  if (!backlog || backlog.left === 0) return null;
  return (
    <p className="text-muted">
      <Plural
        value={backlog.left}
        one="# review is left for the coming days; new cards pause meanwhile."
        other="# reviews are left for the coming days; new cards pause meanwhile."
      />{" "}
      {backlog.days !== null && (
        <Plural
          value={backlog.days}
          one="At this pace the backlog is gone today."
          other="At this pace the backlog is gone in # days."
        />
      )}
      {backlog.days === null && <Trans>Every day on which you study makes it less.</Trans>}
    </p>
  );
}
