import { Button, Notice, PageHead, Skeleton, useNow } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { featuresQuery } from "../features/features.ts";
import { healthQuery } from "../health/health.ts";
import { featureName } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { EnterForm } from "./enter_form.tsx";
import { FeatureLevels } from "./feature_levels.tsx";
import { LeaveDialog } from "./leave_dialog.tsx";
import { type Left, maintenanceQuery, type StateView } from "./maintenance.ts";
import { StatePanel } from "./state_panel.tsx";
import { type Suggestion, suggestion } from "./suggest.ts";
import { Windows } from "./windows.tsx";

/** What is closed, closing and opening it, and announcing it. */
export default function MaintenancePage() {
  useTitle("Maintenance");
  const may = useMay();
  const { data: view, error, refetch } = useQuery(maintenanceQuery);
  const { data: features } = useQuery(featuresQuery);
  const closed = (view?.states.length ?? 0) > 0;
  const { data: health } = useQuery({ ...healthQuery, enabled: closed && may("ViewKeys") });
  const [leaving, setLeaving] = useState<Left>();
  const manages = may("ManageMaintenance");
  const now = useNow(30_000);
  const advice = view && suggestion(view.states, health?.features ?? [], new Date(now));
  return (
    <PageFrame>
      <PageHead title="Maintenance" lead="What students can’t use now, why, and what is planned." />
      <div className="flex flex-col gap-5">
        {error && !view && <Refused error={error} onRetry={() => void refetch()} />}
        {!view && !error && <Skeleton className="h-96" />}
        {advice && <Advice advice={advice} {...(manages && { onLeave: setLeaving })} />}
        {view && (
          <>
            <StatePanel view={view} {...(manages && { onLeave: setLeaving })} />
            {features && <FeatureLevels features={features} />}
            {manages && <EnterForm />}
            <Windows windows={view.windows} />
          </>
        )}
      </div>
      {leaving && <LeaveDialog what={leaving} onClose={() => setLeaving(undefined)} />}
    </PageFrame>
  );
}

const named = (states: StateView[]) =>
  [...new Set(states.map(({ feature }) => (feature ? featureName(feature) : "the platform")))].join(", ");

/** It may be time to open. */
function Advice({
  advice: { served, overdue },
  onLeave,
}: {
  advice: Suggestion;
  onLeave?: (what: Left) => void;
}) {
  const scopes = new Set([...served, ...overdue].map(({ feature }) => feature ?? undefined));
  const [first] = scopes;
  const what: Left = scopes.size > 1 ? "everything" : first ? { feature: first } : "platform";
  return (
    <Notice
      tone="good"
      title={served.length > 0 ? "Keys can serve again" : "It should be over by now"}
      actions={
        onLeave && (
          <Button size="sm" look="primary" onClick={() => onLeave(what)}>
            Leave maintenance
          </Button>
        )
      }
    >
      {served.length > 0 && (
        <p>
          There are working keys for {named(served)}, so maintenance can be left. It will be left by itself
          shortly.
        </p>
      )}
      {overdue.length > 0 && (
        <p>
          The estimated restoration of {named(overdue)} has passed. What an admin closed stays closed until an
          admin opens it.
        </p>
      )}
    </Notice>
  );
}
