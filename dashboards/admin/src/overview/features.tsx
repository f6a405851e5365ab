import { Badge, clock, cx, number, Panel, useNow } from "@medai/ui";
import type { LiveFeature } from "../live/types.ts";
import { QuotaDays } from "../parts/day_end.tsx";
import { between, NONE, rate, span } from "../parts/figures.ts";
import { featureName, providerName } from "../parts/names.ts";
import { byUrgency, type Runway, runway } from "./runway.ts";

/** Who serves what, and until when the quota lasts. */
export function Features({ features }: { features: LiveFeature[] }) {
  return (
    <Panel title="Quota by feature" aside={<QuotaDays />}>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-line border-b text-faint [&>th]:pb-1.5 [&>th]:font-medium [&>th]:not-first:ps-3">
            <th scope="col" className="text-start">
              Feature
            </th>
            <th scope="col" className="text-start max-sm:hidden">
              Served by
            </th>
            <th scope="col" className="text-end">
              Left
            </th>
            <th scope="col" className="text-end max-sm:hidden">
              Per hour
            </th>
            <th scope="col" className="text-end">
              Lasts
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {byUrgency(features).map((feature) => (
            <Row key={feature.feature} feature={feature} />
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

function Row({ feature }: { feature: LiveFeature }) {
  const { serving, quota_left: left } = feature;
  return (
    <tr className="[&>td]:py-2 [&>td]:ps-3 [&>th]:py-2">
      <th scope="row" className="text-start font-medium">
        <span className="flex flex-wrap items-center gap-2">
          {featureName(feature.feature)}
          {!feature.enabled && <Badge>Off</Badge>}
          {feature.level === "soft" && <Badge tone="warn">Paused</Badge>}
          {feature.level === "hard" && <Badge tone="bad">Closed</Badge>}
        </span>
      </th>
      <td className="max-sm:hidden">
        {serving ? (
          <>
            {providerName(serving.provider)}{" "}
            <span className="font-mono text-muted">{serving.key_masked}</span>
            {feature.keys_alive > 1 && <span className="text-faint"> and {feature.keys_alive - 1} more</span>}
          </>
        ) : (
          <span className={feature.enabled ? "text-danger" : "text-faint"}>no key</span>
        )}
      </td>
      <td className="whitespace-nowrap text-end tabular-nums">
        {left.requests == null ? <span className="text-faint">unknown</span> : number(left.requests)}
        {left.requests != null && left.unknown_keys > 0 && (
          <span
            className="text-faint"
            title={`and that of ${left.unknown_keys} keys of which it is not known`}
          >
            {" "}
            + ?
          </span>
        )}
      </td>
      <td className="text-end tabular-nums max-sm:hidden">{rate(feature.burn_per_hour)}</td>
      <td className="text-end tabular-nums">
        <Lasts feature={feature} />
      </td>
    </tr>
  );
}

const INKS: Record<Runway, string> = {
  over: "text-danger font-medium",
  soon: "text-danger font-medium",
  today: "text-warn",
  far: "",
  unknown: "text-faint",
};

function Lasts({ feature }: { feature: LiveFeature }) {
  const now = useNow(10_000);
  const near = runway(feature, now);
  const { runs_out_at: end } = feature;
  if (near === "over") return <span className={INKS.over}>used up</span>;
  if (!end) return <span className={INKS.unknown}>{NONE}</span>;
  if (near === "far") return <span>days</span>;
  return (
    <time dateTime={end} className={cx("whitespace-nowrap", INKS[near])}>
      {span(between(now, end))} <span className="text-faint max-sm:hidden">to {clock(end)}</span>
    </time>
  );
}
