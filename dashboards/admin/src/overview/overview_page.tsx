import { chunk } from "@medai/client/chunks";
import { Button, PageHead, Skeleton } from "@medai/ui";
import { Suspense, useRef } from "react";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { grouped } from "../live/alarm_groups.ts";
import { LinkState } from "../live/link_state.tsx";
import { useLive } from "../live/live.ts";
import { useStale } from "../live/stale.ts";
import { useGuide } from "../setup/use_guide.ts";
import { Alarms } from "./alarms.tsx";
import { outlook } from "./all_clear.ts";
import { Answers } from "./answers.tsx";
import { Features } from "./features.tsx";
import { Figures } from "./figures_strip.tsx";
import { Keys } from "./keys.tsx";
import { Queues } from "./queues.tsx";
import { Recent } from "./recent.tsx";

/** Most never see it. */
const Guide = chunk(async () => ({ default: (await import("../setup/guide.tsx")).Guide }));

export default function OverviewPage() {
  const guide = useGuide();
  const brings = useRef<HTMLButtonElement>(null);
  const { live, link, trace } = useLive();
  const stale = useStale(live);
  const view = outlook({ live, link, stale });
  const concerns = view.kind === "concerns" ? view.concerns : [];
  const alarms = live ? grouped([...live.alarms, ...concerns]) : [];
  const urgent = alarms.length;
  useTitle(urgent > 0 ? `(${urgent}) Overview` : "Overview");
  return (
    <PageFrame>
      <PageHead
        title="Overview"
        actions={
          <>
            {guide.allowed && !guide.open && (
              <Button ref={brings} size="sm" look="quiet" onClick={guide.show}>
                Setup guide
              </Button>
            )}
            <LinkState link={link} at={live?.at} />
          </>
        }
      />
      {guide.open && (
        <Suspense fallback={<Skeleton className="mb-5 h-72" />}>
          <div className="mb-5">
            <Guide
              keys={guide.keys}
              onBegin={guide.begin}
              onDismiss={() => {
                guide.dismiss();
                // What was pressed is gone; what brings it back is in its place.
                requestAnimationFrame(() => brings.current?.focus());
              }}
            />
          </div>
        </Suspense>
      )}
      {live ? (
        <div className="flex flex-col gap-5">
          <Alarms alarms={alarms} unknown={stale || link !== "live"} at={live.at} />
          <Figures live={live} trace={trace} />
          <div className="grid gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
            <div className="flex min-w-0 flex-col gap-5">
              <Answers minutes={live.minutes} errors={live.errors} />
              <Features features={live.features} />
            </div>
            {/* Beside each other while there is room for two, but not for a second column. */}
            <div className="grid min-w-0 grid-cols-[minmax(0,1fr)] content-start gap-5 md:grid-cols-[repeat(2,minmax(0,1fr))] lg:grid-cols-[minmax(0,1fr)]">
              <Queues queues={live.queues} />
              <Keys keys={live.keys} />
              <Recent events={live.recent} className="md:col-span-full" />
            </div>
          </div>
        </div>
      ) : (
        <Waiting link={link} />
      )}
    </PageFrame>
  );
}

/** Holds the places, so that nothing jumps when the figures come. */
function Waiting({ link }: { link: string }) {
  if (link === "off") return <p className="text-muted">This server has no live figures.</p>;
  return (
    <div className="flex flex-col gap-5" aria-busy>
      <Skeleton className="h-16" />
      <Skeleton className="h-32" />
      <div className="grid gap-5 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
        <Skeleton className="h-80" />
        <Skeleton className="h-80" />
      </div>
    </div>
  );
}
