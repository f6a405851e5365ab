import { Problem } from "@medai/client";
import {
  Badge,
  Button,
  Confirm,
  Countdown,
  clock,
  Empty,
  Panel,
  say,
  Table,
  Td,
  Th,
  useNow,
} from "@medai/ui";
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
      say("Taken back.");
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
          {manages ? "Choose “At a planned time” above. Students are told of it beforehand." : undefined}
        </Empty>
      ) : (
        <Table label="Planned maintenance">
          <thead>
            <tr>
              <Th>What</Th>
              <Th>When</Th>
              <Th>Why</Th>
              <Th>
                <span className="sr-only">What can be done</span>
              </Th>
            </tr>
          </thead>
          <tbody>
            {windows.map((window) => (
              <tr key={window.id}>
                <Th scope="row" className="min-w-32">
                  <span className="block font-medium">{nameOf(window)}</span>
                  <Badge tone={window.level === "hard" ? "bad" : "warn"}>
                    {window.level === "hard" ? "Hard" : "Soft"}
                  </Badge>
                </Th>
                <Td className="min-w-44">
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
                </Td>
                <Td className="min-w-52 [overflow-wrap:anywhere]">
                  {window.reason}
                  {window.message && <span className="block text-muted text-sm">“{window.message}”</span>}
                  {window.created_by_email && (
                    <span className="block text-faint text-sm">{window.created_by_email}</span>
                  )}
                </Td>
                <Td figures>
                  {manages && (
                    <Button
                      size="sm"
                      aria-label={`Take back: ${nameOf(window)}`}
                      onClick={() => setLeaving(window)}
                    >
                      {isOpen(window) ? "End now" : "Take back"}
                    </Button>
                  )}
                </Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      <Confirm
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={leaving && isOpen(leaving) ? "End this maintenance?" : "Take this announcement back?"}
        description={
          leaving &&
          (isOpen(leaving)
            ? `${nameOf(leaving)} is open again within a second.`
            : `Students are no longer told of it, and nothing happens ${clock(leaving.from)}.`)
        }
        action={leaving && isOpen(leaving) ? "End it" : "Take it back"}
        busy={busy}
        onConfirm={() => leaving && void cancel(leaving)}
      />
    </Panel>
  );
}
