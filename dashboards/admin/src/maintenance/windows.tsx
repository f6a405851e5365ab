import { Problem } from "@medai/client";
import { Badge, Button, Confirm, Countdown, clock, Empty, Panel, say, useNow } from "@medai/ui";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { featureName } from "../parts/names.ts";
import { takeBack, type WindowView } from "./maintenance.ts";

const nameOf = ({ feature }: WindowView) => (feature ? featureName(feature) : "The platform");

/** Maintenance that is announced: it begins and ends by itself. */
export function Windows({ windows }: { windows: WindowView[] }) {
  const manages = useMay()("ManageMaintenance");
  const now = useNow(10_000);
  const [leaving, setLeaving] = useState<WindowView>();
  const [busy, setBusy] = useState(false);
  const isOpen = (window: WindowView) => new Date(window.from).getTime() <= now;
  const cancel = async (window: WindowView) => {
    setBusy(true);
    try {
      await takeBack(window.id);
      say("Withdrawn.");
    } catch (error) {
      say(Problem.wrap(error).message);
    } finally {
      setBusy(false);
      setLeaving(undefined);
    }
  };
  return (
    <Panel title="Planned" aside={windows.length > 0 && "begins and ends by itself"}>
      {windows.length === 0 ? (
        <Empty title="Nothing is planned">
          {manages ? "Choose “At a planned time” above. Students see it beforehand." : undefined}
        </Empty>
      ) : (
        <ul aria-label="Planned maintenance" className="-my-3">
          {windows.map((window) => (
            <li
              key={window.id}
              className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-x-6 gap-y-1.5 border-line border-b py-3 last:border-b-0 md:grid-cols-[7rem_minmax(0,1fr)_minmax(0,1fr)_auto] lg:grid-cols-[10rem_minmax(0,1fr)_minmax(0,1.4fr)_auto]"
            >
              <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1 md:flex-col md:items-start">
                <span className="font-medium">{nameOf(window)}</span>
                <Badge tone={window.level === "hard" ? "bad" : "warn"}>
                  {window.level === "hard" ? "Hard" : "Soft"}
                </Badge>
              </p>
              <p className="figures max-md:order-1 max-md:col-span-full">
                {clock(window.from)} to {clock(window.until)}
                <span className="block text-faint text-sm">
                  {isOpen(window) ? (
                    <>
                      open now, ends in <Countdown to={window.until} />
                    </>
                  ) : (
                    <>
                      begins in <Countdown to={window.from} />
                    </>
                  )}
                </span>
              </p>
              <p className="[overflow-wrap:anywhere] max-md:order-2 max-md:col-span-full">
                {window.reason}
                {window.message && <span className="block text-muted text-sm">“{window.message}”</span>}
                {window.created_by_email && (
                  <span className="block text-faint text-sm">{window.created_by_email}</span>
                )}
              </p>
              {manages && (
                <Button
                  size="sm"
                  aria-label={`Withdraw: ${nameOf(window)}`}
                  onClick={() => setLeaving(window)}
                >
                  {isOpen(window) ? "End now" : "Withdraw"}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      <Confirm
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={leaving && isOpen(leaving) ? "End this maintenance?" : "Withdraw this announcement?"}
        description={
          leaving &&
          (isOpen(leaving)
            ? `${nameOf(leaving)} is open again within a second.`
            : `Students no longer see it, and nothing happens ${clock(leaving.from)}.`)
        }
        action={leaving && isOpen(leaving) ? "End it" : "Withdraw"}
        busy={busy}
        onConfirm={() => leaving && void cancel(leaving)}
      />
    </Panel>
  );
}
