import { Problem } from "@medai/client";
import { Badge, cx, Panel, Switch, say, type Tone } from "@medai/ui";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { EVENTS, eventName, inOrder } from "./events.ts";
import {
  CHANNEL_NAMES,
  CHANNELS,
  type Change,
  type Channel,
  change,
  type Settings,
} from "./notifications.ts";

type Type = Settings["types"][string];

const URGENCY: Record<Type["urgency"], [Tone, string]> = {
  high: ["warn", "At once"],
  medium: ["neutral", "Soon"],
  low: ["neutral", "No hurry"],
};

/** Notifications by event and channel. */
export function Types({ settings: { types } }: { settings: Settings }) {
  const manages = useMay()("ManageNotifications");
  const [busy, setBusy] = useState(false);
  const set = async (event: string, more: NonNullable<Change["types"]>[string]) => {
    setBusy(true);
    try {
      await change({ types: { [event]: more } });
    } catch (error) {
      say(Problem.wrap(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel title="Events" aside={manages && "changes apply at once"}>
      <div
        aria-hidden
        className={cx(ROW, "hidden border-line border-b pb-2 font-medium text-faint text-sm sm:grid")}
      >
        <span>Event</span>
        <span>How soon</span>
        {CHANNELS.map((channel) => (
          <span key={channel} className="text-center">
            {CHANNEL_NAMES[channel]}
          </span>
        ))}
        <span className="text-end">Notify</span>
      </div>
      <ul aria-label="Notifications by event and channel">
        {inOrder(Object.keys(types)).map((event) => {
          const type = types[event];
          return (
            type && (
              <Row key={event} event={event} type={type} busy={busy} onChange={manages ? set : undefined} />
            )
          );
        })}
      </ul>
    </Panel>
  );
}

const ROW =
  "grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-4 sm:grid-cols-[minmax(0,1fr)_5.5rem_5rem_5rem_5rem_4rem] lg:grid-cols-[minmax(0,3fr)_repeat(4,minmax(5rem,1fr))_4rem]";

type Set = (event: string, more: NonNullable<Change["types"]>[string]) => Promise<void>;

function Row({
  event,
  type,
  busy,
  onChange,
}: {
  event: string;
  type: Type;
  busy: boolean;
  onChange: Set | undefined;
}) {
  const [tone, soon] = URGENCY[type.urgency];
  return (
    <li className={cx(ROW, "gap-y-1 border-line border-b py-2.5 last:border-b-0")}>
      <div className="min-w-0">
        <p className="font-medium">{eventName(event)}</p>
        <p className="text-muted text-sm">{EVENTS[event]?.[1]}</p>
      </div>
      <div className="hidden sm:block">
        <Badge tone={tone}>{soon}</Badge>
      </div>
      <div className="order-last col-span-2 flex flex-wrap gap-x-4 sm:order-none sm:contents">
        {CHANNELS.map((channel) => (
          <Through
            key={channel}
            event={event}
            type={type}
            channel={channel}
            busy={busy}
            onChange={onChange && ((channels) => void onChange(event, { channels }))}
          />
        ))}
      </div>
      <div className="flex justify-end">
        {onChange ? (
          <Switch
            bare
            label={`Notify: ${eventName(event)}`}
            checked={type.enabled}
            disabled={busy}
            onChange={(enabled) => void onChange(event, { enabled })}
          />
        ) : (
          <Badge tone={type.enabled ? "good" : "neutral"}>{type.enabled ? "On" : "Off"}</Badge>
        )}
      </div>
    </li>
  );
}

function Through({
  event,
  type,
  channel,
  busy,
  onChange,
}: {
  event: string;
  type: Type;
  channel: Channel;
  busy: boolean;
  onChange: ((channels: Channel[]) => void) | undefined;
}) {
  const uses = type.channels.includes(channel);
  const cell = cx("flex items-center gap-1.5 text-muted text-sm sm:justify-center", onChange && "min-h-8");
  // Text messages are for what is urgent.
  if (channel === "sms" && type.urgency !== "high") return <span className="hidden sm:block" />;
  if (!onChange)
    return (
      <span className={cx(cell, !uses && "max-sm:hidden")}>
        <span className="sm:sr-only">{CHANNEL_NAMES[channel]}</span>
        <span aria-hidden className="hidden sm:inline">
          {uses ? "yes" : "–"}
        </span>
        <span className="sr-only">{uses ? "yes" : "no"}</span>
      </span>
    );
  return (
    <label className={cell}>
      <input
        type="checkbox"
        className="size-4.5"
        checked={uses}
        disabled={!type.enabled}
        aria-busy={busy}
        onChange={() => {
          // It keeps the focus meanwhile.
          if (busy) return;
          onChange(uses ? type.channels.filter((each) => each !== channel) : [...type.channels, channel]);
        }}
      />
      <span className="sm:sr-only">
        <span className="sr-only">{eventName(event)} by </span>
        {CHANNEL_NAMES[channel]}
      </span>
    </label>
  );
}
