import { featureName, words } from "../parts/names.ts";
import type { AlarmKind, LiveAlarm } from "./types.ts";

/** From so many on, alarms of one kind are one. */
const MANY = 3;

/** So many of them are named. */
const NAMED = 4;

const OF_MANY: Partial<Record<AlarmKind, string>> = {
  feature_down: "No key can serve",
  keys_cooling: "All keys are cooling down, and questions wait, for",
  quota_running_out: "The quota runs out of",
  keys_dead: "Keys do not work of",
  maintenance: "Maintenance has closed",
  queue_stalled: "Jobs run but none finishes in",
  queue_waiting: "Jobs wait long in",
  no_workers: "No worker takes the jobs of",
};

/** What needs somebody, where many alarms of one kind and weight are one. The order stays. */
export function grouped(alarms: readonly LiveAlarm[]): LiveAlarm[] {
  const like = (alarm: LiveAlarm) =>
    alarms.filter((each) => each.kind === alarm.kind && each.severity === alarm.severity);
  return alarms.flatMap((alarm) => {
    const group = like(alarm);
    if (group.length < MANY) return [alarm];
    return group[0] === alarm ? [merged(alarm, group)] : [];
  });
}

function merged(first: LiveAlarm, group: readonly LiveAlarm[]): LiveAlarm {
  const names = group.map((alarm) => featureName(alarm.subject));
  const rest = names.length - NAMED;
  const subjects = rest > 1 ? `${names.slice(0, NAMED).join(", ")} and ${rest} more` : names.join(", ");
  const since = group.map((alarm) => alarm.since).filter((each) => each != null);
  return {
    ...first,
    message: `${OF_MANY[first.kind] ?? `${words(first.kind)}:`} ${subjects}.`,
    since: since.sort()[0] ?? null,
  };
}
