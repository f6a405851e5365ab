import { t } from "@lingui/core/macro";
import type { Point, Section } from "../result_types.ts";
import { SourceLine } from "./sources.tsx";
import { Words } from "./words.tsx";

/** Points, each with where it is from. */
export function PointsView({ points }: { points: readonly Point[] }) {
  return (
    <ol aria-label={t`Points`} className="flex flex-col gap-4">
      {points.map((point, at) => (
        // They only ever grow at the end.
        // biome-ignore lint/suspicious/noArrayIndexKey: their place is their identity
        <li key={at} className="flex gap-3">
          <span aria-hidden className="mt-3 h-0.5 w-2.5 shrink-0 bg-edge" />
          <div className="min-w-0 flex-1">
            <Words text={point.text} />
            <SourceLine source={point.source} />
          </div>
        </li>
      ))}
    </ol>
  );
}

/** Sections with their headings, each with where it is from. */
export function SectionsView({
  sections,
  of: Heading = "h3",
}: {
  sections: readonly Section[];
  of?: "h2" | "h3";
}) {
  return (
    <div className="flex flex-col gap-6">
      {sections.map((section, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: their place is their identity
        <section key={at}>
          <Heading dir="auto" className="mb-2 text-lg">
            {section.heading}
          </Heading>
          <Words text={section.body} />
          <SourceLine source={section.source} />
        </section>
      ))}
    </div>
  );
}
