import "uplot/dist/uPlot.min.css";
import { clock, cx } from "@medai/ui";
import { useEffect, useRef, useState } from "react";
import UPlot from "uplot";
import { type Ink, useInks } from "./colours.ts";

export interface ChartSeries {
  label: string;
  ink: Ink;
  kind: "bars" | "line";
  /** Drawn, but not read out: the sum behind a part of it. */
  silent?: boolean;
}

interface Props {
  /** What it shows, for who does not see it. */
  label: string;
  /** In seconds. */
  xs: readonly number[];
  ys: readonly (readonly (number | null)[])[];
  series: ChartSeries[];
  format: (value: number) => string;
  /** Shown under the pointer in place of the moment. */
  formatX?: (seconds: number) => string;
  /** Shown at the axis in place of the hour and minute. */
  formatTick?: (seconds: number) => string;
  /** What is counted, such as requests: the axis has no fractions of it. */
  whole?: boolean;
  /** The least that the axis goes up to. */
  least?: number;
  className?: string;
  /** Without axes. */
  bare?: boolean;
}

/** Steps between the marks of an axis, none of them a fraction. */
const WHOLE = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

const hour = (seconds: number) =>
  new Date(seconds * 1000).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });

/** With its date, where that is not today's. */
const moment = (seconds: number) => clock(new Date(seconds * 1000));

/** A chart over time. Its colours are the theme's; its figures are read out where the pointer is. */
export function Chart({
  label,
  xs,
  ys,
  series,
  format,
  formatX = moment,
  formatTick = hour,
  whole,
  least = 1,
  className,
  bare,
}: Props) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot>(undefined);
  const inks = useInks();
  const [at, setAt] = useState<number | null>(null);
  const data = useRef<UPlot.AlignedData>([[]]);
  data.current = [[...xs], ...ys.map((values) => [...values])] as UPlot.AlignedData;
  const shape = JSON.stringify(series);

  // biome-ignore lint/correctness/useExhaustiveDependencies: made anew when its looks change, not with each figure
  useEffect(() => {
    const target = box.current;
    if (!target) return;
    const made = new UPlot(
      {
        ...sizeOf(target),
        pxAlign: 1,
        padding: bare ? [2, 0, 0, 0] : [8, 24, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
        scales: {
          x: { time: true, range: (_, min, max) => spread(min, max, xsOf(data.current)) },
          y: { range: (_, __, max) => [0, Math.max(max * 1.1, least)] },
        },
        axes: [
          axis(inks, {
            show: !bare,
            values: (_, ticks) => ticks.map(formatTick),
            grid: { show: false },
            space: 64,
            // Below the figure of the line that it stands at, and not beside it.
            gap: 8,
            size: 30,
          }),
          axis(inks, {
            show: !bare,
            values: (_, ticks) => ticks.map(format),
            size: besides,
            space: 36,
            ...(whole && { incrs: WHOLE }),
          }),
        ],
        series: [{}, ...series.map((each) => lineOf(each, inks))],
        hooks: { setCursor: [({ cursor }) => setAt(cursor.idx ?? null)] },
      },
      data.current,
      target,
    );
    plot.current = made;
    const resized = new ResizeObserver(() => made.setSize(sizeOf(target)));
    resized.observe(target);
    return () => {
      resized.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [inks, shape, bare, whole, least]);

  useEffect(() => plot.current?.setData(data.current));

  const x = at === null ? undefined : xs[at];
  return (
    <figure aria-label={label} className={cx("relative", className)}>
      <div ref={box} aria-hidden className="size-full overflow-hidden" />
      {at !== null && x !== undefined && (
        <figcaption
          aria-hidden
          className="pointer-events-none absolute end-1 top-0 rounded-sm bg-ink px-2 py-0.5 text-paper text-xs tabular-nums"
        >
          {formatX(x)}
          {series.map(
            (each, index) =>
              !each.silent && (
                <span key={each.label}>
                  {" · "}
                  {each.label} {value(ys[index]?.[at], format)}
                </span>
              ),
          )}
        </figcaption>
      )}
    </figure>
  );
}

const xsOf = (data: UPlot.AlignedData) => data[0].length;

/** Half a step more at each end, so that the first and last bars are whole. */
function spread(min: number, max: number, count: number): [number, number] {
  const half = count > 1 ? (max - min) / (count - 1) / 2 : 30;
  return [min - half, max + half];
}

const value = (found: number | null | undefined, format: (value: number) => string) =>
  found == null ? "–" : format(found);

/** No wider beside the plot than its longest figure needs. */
const besides: UPlot.Axis.Size = (_, labels) =>
  14 + 7 * Math.max(0, ...(labels ?? []).map((label) => label?.length ?? 0));

const sizeOf = (target: HTMLElement) => ({
  width: Math.max(40, target.clientWidth),
  height: Math.max(24, target.clientHeight),
});

function axis(inks: Record<Ink, string>, more: UPlot.Axis): UPlot.Axis {
  const grid = { stroke: inks.line, width: 1, ...more.grid };
  return {
    stroke: inks.faint,
    font: '12px "Medai Sans", sans-serif',
    ticks: { show: false },
    gap: 4,
    ...more,
    grid,
  };
}

function lineOf({ label, ink, kind }: ChartSeries, inks: Record<Ink, string>): UPlot.Series {
  const colour = inks[ink];
  if (kind === "line")
    return { label, stroke: colour, width: 1.75, points: { show: false }, spanGaps: false };
  const paths = UPlot.paths.bars?.({ size: [0.72, 24], radius: 0.15 });
  return { label, stroke: colour, fill: colour, width: 0, points: { show: false }, ...(paths && { paths }) };
}
