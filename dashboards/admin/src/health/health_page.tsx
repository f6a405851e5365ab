import { useTries } from "@medai/client/react";
import {
  Badge,
  Button,
  cx,
  Notice,
  number,
  PageHead,
  Panel,
  Skeleton,
  Table,
  Td,
  Th,
  type Tone,
} from "@medai/ui";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { QuotaDays } from "../parts/day_end.tsx";
import { featureName, providerName } from "../parts/names.ts";
import { Refused } from "../parts/refused.tsx";
import { CheckResults } from "./check_results.tsx";
import { Closings } from "./closings.tsx";
import { Endpoints } from "./endpoints.tsx";
import {
  type Checked,
  check,
  type FeatureHealth,
  type Health,
  healthQuery,
  type Level,
  type Scope,
} from "./health.ts";
import { FailureLog } from "./log.tsx";
import { countsIn, matrix, quotaIn, verdict } from "./matrix.ts";

const LEVELS: Record<Level, [Tone, string]> = {
  healthy: ["good", "Healthy"],
  degraded: ["warn", "Degraded"],
  down: ["bad", "Down"],
};

/** How well each provider serves each feature, and what failed lately. */
export default function HealthPage() {
  useTitle("Health");
  const may = useMay();
  const queries = useQueryClient();
  const { data: report, error, refetch } = useQuery(healthQuery);
  const { problem, busy, attempt } = useTries();
  const [scope, setScope] = useState<Scope>();
  const [checked, setChecked] = useState<{ of: Scope; result: Checked }>();
  const start = may("CheckKeys")
    ? (of: Scope) => {
        setScope(of);
        setChecked(undefined);
        void attempt(async () => {
          setChecked({ of, result: await check(of) });
          await queries.invalidateQueries({ queryKey: healthQuery.queryKey });
        });
      }
    : undefined;
  return (
    <PageFrame>
      <PageHead
        title="Health"
        lead="Which providers can serve which features now. Keys are tried by themselves every five minutes."
        actions={
          start && (
            <Button busy={busy && isAll(scope)} disabled={busy} onClick={() => start({})}>
              {busy && isAll(scope) ? "Trying all keys" : "Try all keys now"}
            </Button>
          )
        }
      />
      <div className="flex flex-col gap-5">
        {problem && <Refused error={problem} />}
        {checked && <CheckResults {...checked} onClose={() => setChecked(undefined)} />}
        {error && !report && <Refused error={error} onRetry={() => void refetch()} />}
        {!report && !error && <Skeleton className="h-96" />}
        {report && (
          <>
            <Verdict features={report.features} />
            <Matrix
              features={report.features}
              {...(start && { onCheck: start })}
              {...(busy && scope && { checking: scope })}
            />
            <Closings closings={report.closings} />
            <Endpoints endpoints={report.endpoints} />
            <FailureLog entries={report.log} />
          </>
        )}
      </div>
    </PageFrame>
  );
}

const isAll = (scope: Scope | undefined) => scope !== undefined && !scope.feature && !scope.provider;

function Verdict({ features }: { features: FeatureHealth[] }) {
  const { level, down, degraded } = verdict(features);
  if (level === "healthy") return null;
  const named = (list: FeatureHealth[]) => list.map(({ feature }) => featureName(feature)).join(", ");
  return (
    <Notice
      tone={level === "down" ? "bad" : "warn"}
      title={level === "down" ? "Some features can’t be served" : "Some keys don’t work"}
    >
      {down.length > 0 && <p>No key can serve: {named(down)}.</p>}
      {degraded.length > 0 && <p>Served, with fewer keys than there are: {named(degraded)}.</p>}
    </Notice>
  );
}

interface MatrixProps {
  features: FeatureHealth[];
  onCheck?: (scope: Scope) => void;
  checking?: Scope;
}

/** Wide: a table. Narrow: the same, feature by feature. */
function Matrix({ features, onCheck, checking }: MatrixProps) {
  const { providers, rows } = matrix(features);
  return (
    <Panel
      title="Providers and features"
      aside={
        <>
          Failures are of the last hour; what is left is requests. <QuotaDays />
        </>
      }
    >
      <div className="hidden md:block">
        <Table label="Health by feature and provider">
          <thead>
            <tr>
              <Th>Feature</Th>
              {providers.map((provider) => (
                <Th key={provider} className="min-w-36">
                  <span className="flex items-baseline gap-2.5">
                    {providerName(provider)}
                    {onCheck && (
                      <Button
                        size="sm"
                        disabled={checking !== undefined}
                        aria-label={`Try the keys of ${providerName(provider)}`}
                        onClick={() => onCheck({ provider })}
                      >
                        {checking?.provider === provider && !checking.feature ? "Trying" : "Try"}
                      </Button>
                    )}
                  </span>
                </Th>
              ))}
              <Th figures>Left today</Th>
              {onCheck && (
                <Th>
                  <span className="sr-only">Try</span>
                </Th>
              )}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ feature, cells }) => (
              <tr key={feature.feature}>
                <Th scope="row">
                  <span className="block font-medium">{featureName(feature.feature)}</span>
                  <LevelBadge health={feature} />
                </Th>
                {cells.map((cell, at) => (
                  <Td key={providers[at]}>
                    {cell ? (
                      <Cell health={cell} serves={cell.provider === feature.serving?.provider} />
                    ) : (
                      <span className="text-faint text-sm">no key</span>
                    )}
                  </Td>
                ))}
                <Td figures className="text-muted">
                  {quotaIn(feature.quota_left)}
                </Td>
                {onCheck && (
                  <Td figures>
                    <TryFeature feature={feature} onCheck={onCheck} checking={checking} />
                  </Td>
                )}
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      <ul aria-label="Health by feature" className="-my-3 md:hidden">
        {rows.map(({ feature }) => (
          <li key={feature.feature} className="border-line border-b py-3 last:border-b-0">
            <div className="flex min-h-8 items-center gap-2.5">
              <h3 className="font-medium font-sans text-base tracking-normal">
                {featureName(feature.feature)}
              </h3>
              <LevelBadge health={feature} />
              {onCheck && (
                <span className="ms-auto">
                  <TryFeature feature={feature} onCheck={onCheck} checking={checking} />
                </span>
              )}
            </div>
            {feature.providers.length === 0 && <p className="text-faint text-sm">no key</p>}
            {feature.providers.map((cell) => (
              <div key={cell.provider} className="mt-2 grid grid-cols-[5.5rem_1fr] gap-2">
                <span className="text-muted text-sm">{providerName(cell.provider)}</span>
                <Cell health={cell} serves={cell.provider === feature.serving?.provider} />
              </div>
            ))}
            <p className="mt-2 grid grid-cols-[5.5rem_1fr] gap-2 text-muted text-sm">
              <span>Left today</span>
              <span className="figures">{quotaIn(feature.quota_left)}</span>
            </p>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function TryFeature({
  feature: { feature, keys },
  onCheck,
  checking,
}: {
  feature: FeatureHealth;
  onCheck: (scope: Scope) => void;
  checking: Scope | undefined;
}) {
  if (keys.active + keys.cooling + keys.degraded === 0) return null;
  return (
    <Button
      size="sm"
      busy={checking?.feature === feature}
      disabled={checking !== undefined}
      aria-label={`Try the keys of ${featureName(feature)}`}
      onClick={() => onCheck({ feature })}
    >
      {checking?.feature === feature ? "Trying" : "Try"}
    </Button>
  );
}

function LevelBadge({ health }: { health: Health }) {
  const [tone, word] = LEVELS[health.level];
  return <Badge tone={tone}>{word}</Badge>;
}

function Cell({ health, serves }: { health: Health; serves: boolean }) {
  const [tone, word] = LEVELS[health.level];
  return (
    <div className="min-w-0 text-sm">
      <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
        <Badge tone={tone}>{word}</Badge>
        <span className="text-muted">{countsIn(health.keys)}</span>
      </p>
      {health.serving && (
        <p className={cx("mt-1", serves ? "font-medium text-accent" : "text-faint")}>
          {serves ? "Serves now: " : "Next in line: "}
          <code className="font-mono">{health.serving.key_masked}</code>
        </p>
      )}
      {health.failures_last_hour > 0 && (
        <p className="mt-0.5 text-danger">
          {number(health.failures_last_hour)} {health.failures_last_hour === 1 ? "failure" : "failures"}
        </p>
      )}
    </div>
  );
}
