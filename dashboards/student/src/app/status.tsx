import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import type { Feature, Status } from "@medai/client";
import { statusQuery } from "@medai/client/react";
import { Button, clock, LockNotice, Notice, PlannedStrip, SoftStrip, ThemeChoice } from "@medai/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { said } from "./api_message.ts";

const CALM: Status = {
  status: "operational",
  maintenance: { level: "none", message: null },
  features: {},
  scheduled: [],
  sharing: false,
};

export function useStatus(): Status {
  return useQuery(statusQuery).data ?? CALM;
}

/** What is wrong with a feature that takes nothing now; undefined where it does. */
function trouble({ features }: Status, feature: Feature) {
  const state = features[feature];
  return state?.enabled && state.level === "none" ? undefined : state;
}

/** The features that take nothing now. */
export function useOff(): (feature: Feature) => boolean {
  const status = useStatus();
  return (feature) => trouble(status, feature) !== undefined;
}

/** Why a feature takes nothing now; undefined where it does. */
export function useFeatureOff(feature: Feature): string | undefined {
  const state = trouble(useStatus(), feature);
  if (!state) return undefined;
  const until = state.estimated_restoration
    ? ` ${t`It should be back at ${clock(state.estimated_restoration)}.`}`
    : "";
  const usual = state.enabled ? t`This is temporarily unavailable.` : t`This is switched off for now.`;
  return (state.message ? said(state.message) : usual) + until;
}

/** Says above the page that some things rest. */
export function MaintenanceBanner() {
  const { maintenance, scheduled } = useStatus();
  const [hidden, setHidden] = useState("");
  const next = scheduled.find(({ feature }) => feature === null);
  if (next && maintenance.level === "none" && hidden !== next.from) {
    return (
      <PlannedStrip
        from={next.from}
        until={next.until}
        message={next.message}
        onHide={() => setHidden(next.from)}
      />
    );
  }
  const text = maintenance.message
    ? said(maintenance.message)
    : t`Some features are temporarily unavailable. Chat still works.`;
  if (maintenance.level !== "soft" || hidden === text) return null;
  return (
    <SoftStrip message={text} until={maintenance.estimated_restoration} onHide={() => setHidden(text)} />
  );
}

/** Stands in front of everything while the platform is down. */
export function LockScreen() {
  const { maintenance } = useStatus();
  const queries = useQueryClient();
  return (
    <main className="grid min-h-dvh place-items-center p-6">
      <LockNotice
        message={
          maintenance.message
            ? said(maintenance.message)
            : t`Nothing can be answered right now. Please check back soon.`
        }
        until={maintenance.estimated_restoration}
      >
        <div className="mt-6 flex items-center justify-between">
          <Button onClick={() => void queries.invalidateQueries()}>
            <Trans>Check again</Trans>
          </Button>
          <ThemeChoice />
        </div>
      </LockNotice>
    </main>
  );
}

/** In the place of a feature that is off. */
export function FeatureOff({ title, why }: { title: string; why: string }) {
  return (
    <Notice tone="warn" title={title}>
      {why}
    </Notice>
  );
}
