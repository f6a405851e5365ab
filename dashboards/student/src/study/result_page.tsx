import { t } from "@lingui/core/macro";
import { Skeleton } from "@medai/ui";
import type { ReactNode } from "react";
import { useCallback, useState } from "react";
import { Part } from "../app/fetched.tsx";
import { focusOpener, rememberOpener } from "../app/focus.ts";
import { ScrollPage } from "../app/shell.tsx";
import { SidePanel } from "../app/side_panel.tsx";
import { SourcePanel } from "../source/chunk.ts";
import type { Cited } from "../source/cited.ts";
import { CareNote } from "./care_note.tsx";
import { Sourced } from "./items/sources.tsx";
import type { Source } from "./result_types.ts";

/** A page of what commands made; its sources open beside it. */
export function ResultPage({ sources, children }: { sources?: readonly Source[]; children: ReactNode }) {
  const [cited, setCited] = useState<Cited>();
  const open = useCallback((source: Cited) => {
    rememberOpener();
    setCited(source);
  }, []);
  const close = () => {
    setCited(undefined);
    focusOpener();
  };
  return (
    <div className="flex min-h-0 flex-1 print:block">
      <ScrollPage>
        <Sourced sources={sources ?? NONE} onOpen={open}>
          {children}
        </Sourced>
        <CareNote />
      </ScrollPage>
      {cited && (
        <SidePanel title={t`Source ${cited.n}`} onClose={close}>
          <Part fallback={<Skeleton className="m-4 h-96" />}>
            <SourcePanel citation={cited} />
          </Part>
        </SidePanel>
      )}
    </div>
  );
}

const NONE: readonly Source[] = [];
