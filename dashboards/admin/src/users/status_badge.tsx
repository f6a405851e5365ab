import { Badge, type Tone } from "@medai/ui";
import type { AccountStatus } from "./search.ts";

export const STATUS_NAMES: Record<AccountStatus, string> = {
  active: "Active",
  locked: "Locked",
  disabled: "Disabled",
};
const TONES: Record<AccountStatus, Tone> = { active: "neutral", locked: "warn", disabled: "bad" };

export function StatusBadge({ status }: { status: AccountStatus }) {
  return <Badge tone={TONES[status]}>{STATUS_NAMES[status]}</Badge>;
}
