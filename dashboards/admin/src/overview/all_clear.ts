/** Whether all is well may be said only when it is known. What the API raises no alarm for, and is not well, is told here. */
import type { LiveState } from "../live/live.ts";
import type { Live, LiveAlarm } from "../live/types.ts";

/** What there is to say where the API has no alarm. */
export type Outlook =
  | { kind: "clear" }
  /** Nothing needed anybody when the figures were last there. */
  | { kind: "unknown"; at: string | undefined }
  | { kind: "concerns"; concerns: LiveAlarm[] };

interface Known {
  live: Live | undefined;
  link: LiveState["link"];
  /** The line is open, but no figures come. */
  stale: boolean;
}

export function outlook({ live, link, stale }: Known): Outlook {
  const concerns = live ? [...pausedOf(live), ...demoOf(live)] : [];
  if (concerns.length > 0) return { kind: "concerns", concerns };
  if (!live || link !== "live" || stale) return { kind: "unknown", at: live?.at };
  return { kind: "clear" };
}

const warning = (more: Pick<LiveAlarm, "kind" | "subject" | "message" | "path" | "since">): LiveAlarm => ({
  severity: "warning",
  ...more,
});

/** Somebody waits at a queue that is paused. After a while the API says so too, and then once is enough. */
function pausedOf({ queues, alarms }: Live): LiveAlarm[] {
  const told = new Set(alarms.filter(({ path }) => path === "/admin/queues").map(({ subject }) => subject));
  return queues
    .filter(({ name, paused_at, ready }) => paused_at != null && ready > 0 && !told.has(name))
    .map(({ name, paused_at, ready }) =>
      warning({
        kind: "queue_waiting",
        subject: name,
        message: `\`${name}\` is paused, and ${ready === 1 ? "1 job waits" : `${ready} jobs wait`}.`,
        path: "/admin/queues",
        since: paused_at ?? null,
      }),
    );
}

/** Everything that is answered is answered by what is built in, which knows nothing but the documents. */
function demoOf({ features }: Live): LiveAlarm[] {
  const served = features.filter(({ enabled, serving }) => enabled && serving != null);
  if (served.length === 0 || served.some(({ serving }) => serving?.provider !== "demo")) return [];
  return [
    warning({
      kind: "feature_down",
      subject: "demo",
      message: "Only the built-in demo answers. Add a provider key for real answers.",
      path: "/admin/keys",
      since: null,
    }),
  ];
}
