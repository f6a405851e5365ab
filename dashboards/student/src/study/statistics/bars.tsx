import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { number, Panel, Table, Td, Th } from "@medai/ui";
import type { ReactNode } from "react";
import { roundTop } from "./shape.ts";

export interface Bar {
  name: string;
  value: number;
  /** A part of the value that is drawn apart. */
  part?: number;
  /** What the table says of it, column by column. */
  cells: string[];
}

interface Props {
  title: string;
  /** The figure in a sentence. */
  summary: ReactNode;
  /** The heads of the table's columns, that of the names first. */
  columns: string[];
  bars: Bar[];
  /** What the part in full colour is. */
  legend?: string;
  /** How high the axis is, where that is known. */
  top?: number;
  format?: (value: number) => string;
}

/** Bars for the eye, and the same as a table. */
export function Bars({ title, summary, columns, bars, legend, top, format = number }: Props) {
  const highest = top ?? roundTop(bars.map(({ value }) => value));
  const wide = 100 / Math.max(1, bars.length);
  const [first, last] = [bars[0], bars.at(-1)];
  return (
    <Panel title={title}>
      <p className="mb-3 text-muted">{summary}</p>
      {bars.length > 0 && (
        <>
          <div aria-hidden dir="ltr">
            <p className="figures text-faint text-xs">{format(highest)}</p>
            <svg
              aria-hidden
              viewBox="0 0 100 30"
              preserveAspectRatio="none"
              className="block h-32 w-full border-line border-y"
            >
              {bars.map(({ name, value, part = 0 }, at) => {
                const height = (share: number) => (Math.min(share, highest) / highest) * 30;
                const x = at * wide + wide * 0.12;
                return (
                  <g key={name}>
                    <rect
                      x={x}
                      width={wide * 0.76}
                      y={30 - height(value)}
                      height={height(value)}
                      className="fill-accent/55"
                    />
                    {part > 0 && (
                      <rect
                        x={x}
                        width={wide * 0.76}
                        y={30 - height(part)}
                        height={height(part)}
                        className="fill-accent"
                      />
                    )}
                  </g>
                );
              })}
            </svg>
            <p className="figures mt-1 flex justify-between text-faint text-xs">
              <span>{first?.name}</span>
              {bars.length > 1 && <span>{last?.name}</span>}
            </p>
          </div>
          {legend && <p className="mt-1 text-faint text-sm">{legend}</p>}
          <details className="mt-3">
            <summary className="w-fit cursor-pointer rounded-sm py-1.5 text-accent text-sm">
              <Trans>As a table</Trans>
            </summary>
            <Table label={t`${title}, as a table`} className="mt-2">
              <thead>
                <tr>
                  {columns.map((column, at) => (
                    <Th key={column} figures={at > 0}>
                      {column}
                    </Th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {bars.map(({ name, cells }) => (
                  <tr key={name}>
                    <Th scope="row">{name}</Th>
                    {cells.map((cell, at) => (
                      <Td key={columns[at + 1]} figures>
                        {cell}
                      </Td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </Table>
          </details>
        </>
      )}
    </Panel>
  );
}
