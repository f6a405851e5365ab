import { t } from "@lingui/core/macro";
import type { Session } from "@medai/client";

/** A part of the conversations: those at the top of the list, those in a folder, or the archive. */
export type Part = { loose: true } | { folder: string } | { archived: true };

/** Whether a conversation is in a part, as it is known here: what was changed a moment ago shows at once. */
export function isIn(part: Part, { archived, pinned, folder_id }: Session): boolean {
  if ("archived" in part) return archived;
  if ("folder" in part) return !archived && folder_id === part.folder;
  return !archived && (pinned || folder_id == null);
}

/** By day, as people remember them. */
export function grouped(sessions: Session[], now = new Date()): [string, Session[]][] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const groups = new Map<string, Session[]>();
  for (const session of sessions) {
    const days = Math.ceil((midnight - new Date(session.updated_at).getTime()) / 86_400_000);
    const name = days <= 0 ? t`Today` : days === 1 ? t`Yesterday` : days <= 7 ? t`This week` : t`Earlier`;
    groups.set(name, [...(groups.get(name) ?? []), session]);
  }
  return [...groups];
}
