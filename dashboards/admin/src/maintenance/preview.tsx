import { clock, LockNotice, Notice, PlannedStrip, Skeleton, SoftStrip } from "@medai/ui";
import type { ReactNode } from "react";
import { featureName } from "../parts/names.ts";
import { type Draft, instant } from "./draft.ts";
import { USUAL, USUAL_FEATURE } from "./words.ts";

/** What students will see, made of the very parts of their app. */
export function Preview({ draft }: { draft: Draft }) {
  const message = draft.message.trim();
  const [from, until] = [instant(draft.from), instant(draft.until)];
  const planned = draft.when === "later";
  const over = planned ? until : instant(draft.restoration);
  return (
    <div className="flex flex-col gap-5">
      {planned && !draft.feature && from && until && (
        <Frame caption="Until it begins">
          <PlannedStrip
            from={from.toISOString()}
            until={until.toISOString()}
            message={message || USUAL[draft.level]}
          />
          <Page />
        </Frame>
      )}
      <Frame caption={planned ? "While it lasts" : "At once"}>
        {draft.feature ? (
          <Page>
            <Notice tone="warn" title={`${featureName(draft.feature)} unavailable`}>
              {message || USUAL_FEATURE}
              {over && ` It should be back at ${clock(over)}.`}
            </Notice>
          </Page>
        ) : draft.level === "hard" ? (
          <div className="grid place-items-center p-6">
            <LockNotice heading="p" message={message || USUAL.hard} until={over?.toISOString()} />
          </div>
        ) : (
          <>
            <SoftStrip message={message || USUAL.soft} until={over?.toISOString()} />
            <Page>
              <Notice tone="warn" title="Uploads are unavailable">
                {USUAL_FEATURE}
              </Notice>
            </Page>
          </>
        )}
      </Frame>
    </div>
  );
}

function Frame({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    <figure>
      <div className="overflow-hidden rounded-md border border-edge/60 bg-paper">
        <div aria-hidden className="flex h-6 items-center gap-1.5 border-line border-b bg-sunken px-2.5">
          <span className="size-2 rounded-full bg-line" />
          <span className="size-2 rounded-full bg-line" />
          <span className="size-2 rounded-full bg-line" />
        </div>
        {children}
      </div>
      <figcaption className="mt-1.5 text-faint text-sm">{caption}</figcaption>
    </figure>
  );
}

/** Any page of theirs. */
function Page({ children }: { children?: ReactNode }) {
  return (
    <div className="flex flex-col gap-3 p-4">
      {children}
      <Skeleton className="h-3 w-2/3 animate-none!" />
      <Skeleton className="h-3 w-5/6 animate-none!" />
      <Skeleton className="h-3 w-1/2 animate-none!" />
    </div>
  );
}
