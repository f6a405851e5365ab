import { call, type Feature, Problem, type Status } from "@medai/client";
import { Button, Countdown, clock, Notice, ThemeChoice, Wordmark } from "@medai/ui";
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { X } from "lucide-react";
import { type ReactNode, useState } from "react";

const CALM: Status = {
  status: "operational",
  maintenance: { level: "none", message: null },
  features: {},
  scheduled: [],
};

/** What everybody may know: maintenance, and which features are on. */
export const statusQuery = queryOptions({
  queryKey: ["status"],
  staleTime: 20_000,
  refetchInterval: (query) => (query.state.data?.maintenance.level === "none" ? 60_000 : 15_000),
  queryFn: async (): Promise<Status> => {
    try {
      return await call<Status>("GET", "/api/status");
    } catch (error) {
      // An API that has no such page has no maintenance either.
      if (error instanceof Problem && error.status === 404) return CALM;
      throw error;
    }
  },
});

export function useStatus(): Status {
  return useQuery(statusQuery).data ?? CALM;
}

/** Why a feature takes nothing now; undefined where it does. */
export function useFeatureOff(feature: Feature): string | undefined {
  const state = useStatus().features[feature];
  if (!state || (state.enabled && state.level === "none")) return undefined;
  const until = state.estimated_restoration
    ? ` It should be back at ${clock(state.estimated_restoration)}.`
    : "";
  const usual = state.enabled ? "This is temporarily unavailable." : "This is switched off for now.";
  return (state.message ?? usual) + until;
}

/** Says above the page that some things rest. */
export function MaintenanceBanner() {
  const { maintenance, scheduled } = useStatus();
  const [hidden, setHidden] = useState("");
  const next = scheduled.find(({ feature }) => feature === null);
  if (next && maintenance.level === "none" && hidden !== next.from) {
    return (
      <Strip onHide={() => setHidden(next.from)}>
        <strong className="text-warn">Maintenance is planned</strong> from {clock(next.from)} to{" "}
        {clock(next.until)}. {next.message}
      </Strip>
    );
  }
  const text = maintenance.message || "Some features are temporarily unavailable. Chat still works.";
  if (maintenance.level !== "soft" || hidden === text) return null;
  return (
    <Strip onHide={() => setHidden(text)}>
      <strong className="text-warn">Maintenance.</strong> {text}
      {maintenance.estimated_restoration && (
        <span className="text-muted"> Back at about {clock(maintenance.estimated_restoration)}.</span>
      )}
    </Strip>
  );
}

function Strip({ children, onHide }: { children: ReactNode; onHide: () => void }) {
  return (
    <div
      role="status"
      className="flex items-start gap-3 border-warn/30 border-b bg-warn-soft px-4 py-2 text-sm"
    >
      <p className="flex-1">{children}</p>
      <button
        type="button"
        aria-label="Hide this message"
        className="rounded-sm p-0.5 hover:bg-surface"
        onClick={onHide}
      >
        <X size={16} />
      </button>
    </div>
  );
}

/** Stands in front of everything while the platform is down. */
export function LockScreen() {
  const { maintenance } = useStatus();
  const queries = useQueryClient();
  const until = maintenance.estimated_restoration;
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <div className="w-full max-w-md">
        <Wordmark />
        <h1 className="mt-10 text-[2rem]">We’re down for maintenance</h1>
        <p className="mt-3 text-lg text-muted">
          {maintenance.message || "Nothing can be answered right now. Please check back soon."}
        </p>
        <dl className="mt-8 border-line border-y py-4">
          <dt className="text-faint text-sm">Estimated restoration</dt>
          <dd className="mt-0.5 font-serif text-2xl">
            {until ? (
              <>
                {clock(until)}{" "}
                <span className="text-base text-faint">
                  (in <Countdown to={until} />)
                </span>
              </>
            ) : (
              "not known yet"
            )}
          </dd>
        </dl>
        <p className="mt-4 text-faint text-sm">
          Your conversations and documents are safe. This page looks by itself and opens when it is over.
        </p>
        <div className="mt-6 flex items-center justify-between">
          <Button onClick={() => void queries.invalidateQueries()}>Look now</Button>
          <ThemeChoice />
        </div>
      </div>
    </main>
  );
}

/** In the place of a feature that is off. */
export function FeatureOff({ what, why }: { what: string; why: string }) {
  return (
    <Notice tone="warn" title={`${what} unavailable`}>
      {why}
    </Notice>
  );
}
