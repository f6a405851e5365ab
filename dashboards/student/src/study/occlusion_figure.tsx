import { plural, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Skeleton } from "@medai/ui";
import { useState } from "react";
import { type Cover, coversOf } from "./occlusion.ts";
import { usePicture } from "./pictures.ts";
import type { Occlusion } from "./types.ts";

const LOOKS: Record<Exclude<Cover, "open">, string> = {
  asked: "fill-accent stroke-on-accent",
  covered: "fill-ink stroke-paper",
  answer: "fill-none stroke-accent",
};

/** A picture with parts of it covered; the part that is asked for has a question mark on it. */
export function OcclusionFigure({
  fields,
  ordinal,
  revealed,
}: {
  fields: Occlusion;
  ordinal: number;
  revealed: boolean;
}) {
  const { url, failed } = usePicture(fields, true);
  const [ratio, setRatio] = useState<number>();
  if (failed)
    return (
      <p className="rounded-md border border-line p-4 text-muted">
        <Trans>
          The picture can’t be shown now. Without network, only those are there that were seen before.
        </Trans>
      </p>
    );
  const covers = coversOf(fields, ordinal, revealed);
  const label = fields.boxes[ordinal]?.label;
  return (
    <figure dir="ltr" className="relative mx-auto w-fit max-w-full">
      {url && (
        <img
          src={url}
          alt={alternative(covers, revealed, label)}
          draggable={false}
          className="block max-h-[60dvh] max-w-full rounded-sm bg-white"
          onLoad={({ currentTarget }) => setRatio(currentTarget.naturalWidth / currentTarget.naturalHeight)}
        />
      )}
      {!ratio && <Skeleton className="h-64 w-80 max-w-full" />}
      {ratio && (
        <svg
          aria-hidden
          viewBox={`0 0 ${ratio * 100} 100`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full"
        >
          {fields.boxes.map((box, at) => {
            const cover = covers[at];
            if (!cover || cover === "open") return null;
            const [x, y, w, h] = [box.x * ratio * 100, box.y * 100, box.w * ratio * 100, box.h * 100];
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a box is known by its place
              <g key={at}>
                <rect x={x} y={y} width={w} height={h} strokeWidth="0.6" className={LOOKS[cover]} />
                {cover === "asked" && (
                  <text
                    x={x + w / 2}
                    y={y + h / 2}
                    fontSize={Math.min(h, w) * 0.7}
                    textAnchor="middle"
                    dominantBaseline="central"
                    className="fill-on-accent font-semibold"
                  >
                    ?
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      )}
    </figure>
  );
}

/** What whoever does not see it hears. */
function alternative(covers: readonly Cover[], revealed: boolean, label: string | undefined): string {
  if (revealed) return label ? t`The part is uncovered: ${label}` : t`The part is uncovered.`;
  const others = covers.filter((cover) => cover === "covered").length;
  return others === 0
    ? t`A picture with one part covered, which is asked for`
    : plural(others, {
        one: "A picture with one part covered, which is asked for, and # other",
        other: "A picture with one part covered, which is asked for, and # others",
      });
}
