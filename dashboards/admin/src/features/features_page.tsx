import { Problem } from "@medai/client";
import {
  ago,
  Badge,
  Button,
  Confirm,
  number,
  PageHead,
  Panel,
  Skeleton,
  Switch,
  say,
  type Tone,
} from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { featureName } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { PLAN_NAMES } from "../users/plans.ts";
import { change, featuresQuery } from "./features.ts";
import { effect, type FeatureView, isSet, PLANS } from "./limits.ts";
import { LimitsDialog } from "./limits_dialog.tsx";
import { label, type StudentFeature, USES } from "./names.ts";
import { Sharing } from "./sharing.tsx";

/** Which features there are, who has them, and how much of each. */
export default function FeaturesPage() {
  useTitle("Features");
  const { data: features, error, refetch } = useQuery(featuresQuery);
  const [leaving, setLeaving] = useState<FeatureView>();
  const [limiting, setLimiting] = useState<FeatureView>();
  const [busy, setBusy] = useState(false);
  const off = features?.filter(({ enabled }) => !enabled).length ?? 0;
  const closed = features?.filter(({ enabled, status }) => enabled && status !== "available").length ?? 0;

  const set = async (view: FeatureView, enabled: boolean) => {
    setBusy(true);
    try {
      await change(view.feature as StudentFeature, { enabled });
      say(`${featureName(view.feature)}: switched ${enabled ? "on" : "off"}`);
      setLeaving(undefined);
    } catch (failure) {
      say(Problem.wrap(failure).message);
    } finally {
      setBusy(false);
    }
  };

  return (
    <PageFrame>
      <PageHead
        title="Features"
        lead={
          features &&
          `${inAll(features.length, off, closed)} A change of a switch holds within a second, for everybody.`
        }
      />
      {error && !features && <Refused error={error} onRetry={() => void refetch()} />}
      {!features && !error && <Skeleton className="h-96" />}
      {features && (
        <Panel className="py-1! sm:py-1.5!">
          <ul aria-label="Features">
            {features.map((view) => (
              <Row
                key={view.feature}
                view={view}
                onSwitch={(enabled) => (enabled ? void set(view, true) : setLeaving(view))}
                onLimits={() => setLimiting(view)}
              />
            ))}
          </ul>
        </Panel>
      )}
      <div className="mt-5">
        <Sharing />
      </div>
      <Confirm
        open={leaving !== undefined}
        onClose={() => setLeaving(undefined)}
        title={leaving ? `Switch off ${featureName(leaving.feature)}?` : ""}
        description={
          leaving && (
            <>
              {leaving.feature === "chat" && (
                <p className="mb-2 font-medium text-danger">
                  Without chat students can do next to nothing here. Maintenance tells them more.
                </p>
              )}
              <p>
                From now on nobody can use it, admins included. Who tries reads: “The {label(leaving.feature)}{" "}
                feature is switched off at the moment.” What is under way is finished.
              </p>
            </>
          )
        }
        action="Switch off"
        busy={busy}
        onConfirm={() => leaving && void set(leaving, false)}
      />
      {limiting && (
        <LimitsDialog key={limiting.feature} view={limiting} onClose={() => setLimiting(undefined)} />
      )}
    </PageFrame>
  );
}

/** How many there are, and how many of them students do not have. */
function inAll(all: number, off: number, closed: number): string {
  const parts = [
    off > 0 && `${off} ${off === 1 ? "is" : "are"} switched off`,
    closed > 0 && `${closed} ${closed === 1 ? "is" : "are"} in maintenance`,
  ].filter(Boolean);
  return parts.length === 0 ? `All ${all} are on.` : `Of ${all} features ${parts.join(", and ")}.`;
}

function state({ enabled, status }: FeatureView): [Tone, string] {
  if (!enabled) return ["neutral", "Off"];
  return status === "available" ? ["good", "On"] : ["warn", "In maintenance"];
}

function Row({
  view,
  onSwitch,
  onLimits,
}: {
  view: FeatureView;
  onSwitch: (enabled: boolean) => void;
  onLimits: () => void;
}) {
  const may = useMay();
  const manages = may("ManageFeatures");
  const name = featureName(view.feature);
  const [tone, word] = state(view);
  return (
    // On wide screens the text ends where its switch stands, so that the two are seen together.
    <li className="grid gap-x-8 gap-y-3 border-line border-b py-4 last:border-b-0 md:grid-cols-[minmax(0,1fr)_minmax(18rem,22rem)] lg:grid-cols-[minmax(0,38rem)_minmax(18rem,1fr)]">
      <div className="flex items-start justify-between gap-4">
        <div className="min-w-0">
          <h2 className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-lg">
            {name}
            {/* Where there is a switch, it says that it is on. */}
            {!(manages && word === "On") && <Badge tone={tone}>{word}</Badge>}
          </h2>
          <p className="mt-0.5 text-muted">{USES[view.feature as StudentFeature]}</p>
          {(view.status !== "available" || view.updated_at) && (
            <p className="mt-1 max-w-[70ch] text-sm">
              {view.status !== "available" && `${effect(view, label(view.feature))} `}
              {view.updated_at && <span className="text-faint">Changed {ago(view.updated_at)}.</span>}
            </p>
          )}
        </div>
        {manages && <Switch bare label={name} checked={view.enabled} onChange={onSwitch} />}
      </div>
      <div className="flex items-start justify-between gap-3">
        <dl className="grid flex-1 grid-cols-3 gap-x-3 md:ps-2 lg:ps-10">
          {PLANS.map((plan) => {
            const limit = view.effective_limits[plan];
            return (
              <div key={plan}>
                <dt className="text-faint text-xs">{PLAN_NAMES[plan]}</dt>
                <dd className="figures whitespace-nowrap text-[0.9375rem]">
                  {limit == null ? (
                    <span className="text-faint">no limit</span>
                  ) : limit === 0 ? (
                    "none"
                  ) : (
                    number(limit)
                  )}
                  {isSet(view.limits, plan) && <span className="block text-accent text-xs">set here</span>}
                </dd>
              </div>
            );
          })}
        </dl>
        {manages && (
          <Button size="sm" aria-label={`Limits of ${name}`} onClick={onLimits}>
            Limits
          </Button>
        )}
      </div>
    </li>
  );
}
