import { t } from "@lingui/core/macro";
import type { DocumentProgress, StudyDocument } from "@medai/client";
import { Meter, percent } from "@medai/ui";
import { useReading } from "./documents.ts";
import { stepOf } from "./steps.ts";

/** How far the reading of a document is. */
export function Reading({ document }: { document: StudyDocument }) {
  const { answer } = useReading(document);
  const now: DocumentProgress = answer?.progress ?? document.progress ?? {};
  const value = now.percent ?? 0;
  return (
    <div className="mt-2">
      <Meter label={t`Reading ${document.title}`} progress value={value} max={100} className="h-1!" />
      <p className="figures mt-1 flex justify-between gap-3 text-faint text-sm">
        <span className="min-w-0 truncate">{stepOf(now)}</span>
        <span className="shrink-0">{t`${percent(value / 100)} of all`}</span>
      </p>
    </div>
  );
}
