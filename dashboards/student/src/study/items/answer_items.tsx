import { plural, t } from "@lingui/core/macro";
import { Plural, Trans } from "@lingui/react/macro";
import { LinkLook } from "@medai/ui";
import { useMemo, useState } from "react";
import type { Cited } from "../../source/cited.ts";
import type { Item, Made } from "../../stream/event.ts";
import { MapPreview } from "../maps/map_preview.tsx";
import { pathOf } from "../paths.ts";
import type { Material } from "../result_types.ts";
import { Step } from "../step.tsx";
import { CardsView } from "./cards_view.tsx";
import { PointsView, SectionsView } from "./points_view.tsx";
import { PracticeView } from "./practice_view.tsx";
import { sorted, sourcesOf } from "./sorted.ts";
import { Sourced } from "./sources.tsx";

interface Props {
  items: readonly Item[];
  /** More of them are on their way. */
  writing: boolean;
  material: Material | undefined;
  made: Made | undefined;
  onCite: (cited: Cited) => void;
}

/** What a command made, in the conversation: while it is made and afterwards. It only ever grows at its end. */
export default function AnswerItems({ items, writing, material, made, onCite }: Props) {
  const { cards, questions, points, sections, graph } = useMemo(() => sorted(items), [items]);
  const sources = useMemo(() => sourcesOf(items), [items]);
  const summary = material?.kind === "summary" ? material : undefined;
  return (
    <Sourced sources={sources} onOpen={onCite}>
      <div className="flex flex-col gap-4">
        {sections.length > 0 && <SectionsView sections={sections} />}
        {points.length > 0 && <PointsView points={points} />}
        {graph.nodes.length > 0 && <MapPreview graph={graph} writing={writing} material={material} />}
        {cards.length > 0 && <CardsView cards={cards} material={material} />}
        {questions.length > 0 && <PracticeView questions={questions} material={material} />}
        <Told count={items.length} writing={writing} made={made} />
        {summary && (
          <p className="text-sm print:hidden">
            <Step path={pathOf(summary)} className={LinkLook}>
              <Trans>Open the summary</Trans>
            </Step>
          </p>
        )}
      </div>
    </Sourced>
  );
}

/** How many there are so far; and in the end, where that are not as many as were asked for, why. */
function Told({ count, writing, made }: { count: number; writing: boolean; made: Made | undefined }) {
  // What the end said is not said again by the API.
  const [end, setEnd] = useState(made);
  if (made && made !== end) setEnd(made);
  if (writing)
    return (
      <p role="status" className="animate-breathe text-faint text-sm print:hidden">
        <Plural
          value={count}
          one="# so far; more are on their way."
          other="# so far; more are on their way."
        />
      </p>
    );
  if (!end || end.delivered >= end.asked) return null;
  return (
    <p className="text-faint text-sm print:hidden">
      {plural(end.delivered, { one: "# was made.", other: "# were made." })}{" "}
      {end.fewer && t`No more are left of today’s limit.`}{" "}
      {end.dropped > 0 &&
        plural(end.dropped, {
          one: "# was left out: it did not pass the checks.",
          other: "# were left out: they did not pass the checks.",
        })}
    </p>
  );
}
