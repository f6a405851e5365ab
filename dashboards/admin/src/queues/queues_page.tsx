import { Confirm, PageHead, Skeleton, say, useMediaQuery } from "@medai/ui";
import { useState } from "react";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { LinkState } from "../live/link_state.tsx";
import { useLive } from "../live/live.ts";
import { queueCarries } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { QueueAlarms } from "./alarms.tsx";
import { QueueCards } from "./cards.tsx";
import { usePause, useQueues } from "./queues.ts";
import { Schedule } from "./schedule.tsx";
import { QueueTable } from "./table.tsx";

const TABLE = "(min-width: 80rem)";

export default function QueuesPage() {
  useTitle("Queues");
  const { queues, error, link } = useQueues();
  const { live } = useLive();
  const wide = useMediaQuery(TABLE);
  const change = usePause();
  const [asked, setAsked] = useState<string>();
  const set = (queue: string, pause: boolean) =>
    change.mutate(
      { queue, pause },
      {
        onSuccess: () => say(pause ? `${queue} is paused.` : `${queue} goes on.`),
        onSettled: () => setAsked(undefined),
      },
    );
  // To stop is asked about, since students wait for it; to go on is not.
  const onPause = (queue: string, pause: boolean) => (pause ? setAsked(queue) : set(queue, false));
  const List = wide ? QueueTable : QueueCards;
  return (
    <PageFrame>
      <PageHead
        title="Queues"
        lead="What waits, what runs, how fast it goes, and what is done when."
        actions={<LinkState link={link} at={live?.at} />}
      />
      <div className="flex flex-col gap-4">
        {change.error && <Refused error={change.error} />}
        {queues ? (
          <>
            <QueueAlarms queues={queues} onPause={onPause} />
            <List
              queues={queues}
              onPause={onPause}
              busy={change.isPending ? change.variables.queue : undefined}
            />
          </>
        ) : error ? (
          <Refused error={error} />
        ) : (
          <Skeleton className="h-96" />
        )}
        <Schedule />
      </div>
      <Confirm
        open={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={`Pause ${asked ?? ""}?`}
        description={
          <>
            {asked && queueCarries(asked)} will wait: nothing more of this queue is started, on any worker.
            What runs now goes on to its end.
          </>
        }
        action="Pause"
        busy={change.isPending}
        onConfirm={() => asked && set(asked, true)}
      />
    </PageFrame>
  );
}
