import { chunk } from "@medai/client/chunks";
import { cx, Skeleton } from "@medai/ui";
import type { ReactNode } from "react";
import { Part } from "../app/fetched.tsx";
import type { Cited } from "../source/cited.ts";
import type { Item, Made } from "../stream/event.ts";
import type { Material } from "../study/result_types.ts";

/** What commands make is shown by a chunk of its own. */
export const AnswerItems = chunk(() => import("../study/items/answer_items.tsx"));

interface Props {
  items: readonly Item[];
  writing: boolean;
  material: Material | undefined;
  made: Made | undefined;
  onCite: (citation: Cited) => void;
  /** The same as text, once that is there: for paper, and for whoever has it read aloud. */
  text: ReactNode | undefined;
}

/** An answer that is made of items. */
export function MadeAnswer({ text, ...items }: Props) {
  return (
    <>
      {text && <div className="hidden print:block">{text}</div>}
      <div className={cx(text !== undefined && "print:hidden")}>
        <Part fallback={<Skeleton className="h-48" />}>
          <AnswerItems {...items} />
        </Part>
      </div>
    </>
  );
}
