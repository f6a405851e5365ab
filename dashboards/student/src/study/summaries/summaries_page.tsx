import { i18n } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Empty, PageHead, TextField } from "@medai/ui";
import { useState } from "react";
import { useTitle } from "../../app/title.ts";
import { useRested } from "../../chat/found_messages.tsx";
import { MadeOn } from "../lines.tsx";
import { Listed } from "../listed.tsx";
import { summaryPath } from "../paths.ts";
import { ResultMenu } from "../result_menu.tsx";
import { ResultPage } from "../result_page.tsx";
import type { ListedSummary } from "../result_types.ts";
import { useList } from "../results_api.ts";
import { Step } from "../step.tsx";

export const KINDS = { highyield: msg`High yield`, explain: msg`Explanation` } as const;

/** All summaries, found by their words. */
export default function SummariesPage() {
  useTitle(t`Summaries`);
  const [typed, setTyped] = useState("");
  const q = useRested(typed.trim().slice(0, 200));
  const list = useList("summaries", q);
  return (
    <ResultPage>
      <PageHead title={t`Summaries`} lead={t`What /highyield and /explain made, with its sources.`} />
      <div className="mb-4 max-w-md">
        <TextField
          bare
          type="search"
          label={t`Search summaries`}
          placeholder={t`Search titles and texts`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      <Listed
        label={t`Summaries`}
        list={list}
        empty={
          q === "" ? (
            <Empty title={t`No summaries yet`}>
              <Trans>Ask with /highyield or /explain and a topic, and they are kept here.</Trans>
            </Empty>
          ) : (
            <Empty title={t`Nothing found`}>
              <Trans>No summary has these words.</Trans>
            </Empty>
          )
        }
      >
        {(summary) => <Row summary={summary} />}
      </Listed>
    </ResultPage>
  );
}

function Row({ summary }: { summary: ListedSummary }) {
  return (
    <>
      <div className="min-w-0 flex-1">
        <p className="flex min-w-0 flex-wrap items-baseline gap-x-2.5">
          <Step path={summaryPath(summary.id)} className="min-w-0 font-medium hover:underline">
            <span dir="auto" className="line-clamp-2 [overflow-wrap:anywhere]">
              {summary.title}
            </span>
          </Step>
          <Badge>{i18n._(KINDS[summary.kind])}</Badge>
        </p>
        <MadeOn at={summary.created_at} />
      </div>
      <ResultMenu
        kind="summaries"
        of={summary}
        lost={t`It is gone for good. The answer in the conversation stays.`}
      />
    </>
  );
}
