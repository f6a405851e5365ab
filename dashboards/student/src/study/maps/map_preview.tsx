import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button } from "@medai/ui";
import { useState } from "react";
import { mapPath } from "../paths.ts";
import type { Graph, Material } from "../result_types.ts";
import { Step } from "../step.tsx";
import { useAsk } from "./ask.ts";
import { kindName } from "./kinds.ts";
import { MapView } from "./map_view.tsx";

interface Props {
  graph: Graph;
  writing: boolean;
  material: Material | undefined;
}

const HEIGHT = "h-[22rem] sm:h-[26rem]";

/**
 * A map in the conversation. A picture of half of it would move with each term that comes, so its place is kept, and what
 * has come so far is listed below it, where it stays.
 */
export function MapPreview({ graph, writing, material }: Props) {
  const [cameLive] = useState(writing);
  const ask = useAsk(undefined);
  const arrived = cameLive && <Arrived graph={graph} />;
  if (writing)
    return (
      <div className="flex flex-col gap-3 print:hidden">
        <div
          className={`${HEIGHT} grid place-items-center rounded-lg border border-line border-dashed bg-sunken`}
        >
          <p className="max-w-[30ch] text-center text-faint">
            <Trans>The map is drawn here as soon as all of it is there.</Trans>
          </p>
        </div>
        {arrived}
      </div>
    );
  return (
    <div className="print:hidden">
      <MapView
        title={t`Map`}
        graph={graph}
        onAsk={ask}
        height={HEIGHT}
        within
        below={arrived}
        actions={() =>
          material?.kind === "map" && (
            <Button size="sm" asChild>
              <Step path={mapPath(material.id)}>
                <Trans>Open the map</Trans>
              </Step>
            </Button>
          )
        }
      />
    </div>
  );
}

/** The terms, and then how they hang together, in the order in which they came. */
function Arrived({ graph: { nodes, edges } }: { graph: Graph }) {
  const nameOf = (id: string) => nodes.find((node) => node.id === id)?.label ?? id;
  return (
    <div className="grid gap-x-6 gap-y-3 text-sm sm:grid-cols-2">
      <ul aria-label={t`Terms`} className="flex flex-col gap-1">
        {nodes.map((node) => (
          <li key={node.id} dir="auto">
            <strong className="font-semibold">{node.label}</strong>{" "}
            {node.kind && <span className="text-faint">({kindName(node.kind)})</span>}
          </li>
        ))}
      </ul>
      <ul aria-label={t`Links`} className="flex flex-col gap-1 text-muted">
        {edges.map(({ from, to, verb }) => (
          <li key={`${from} ${to} ${verb}`} dir="auto">
            {nameOf(from)} <em>{verb}</em> {nameOf(to)}
          </li>
        ))}
      </ul>
    </div>
  );
}
