import { i18n } from "@lingui/core";
import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Badge, Button, PageHead, saveFile, say } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Download, Printer } from "lucide-react";
import { told } from "../../app/api_message.ts";
import { useTitle } from "../../app/title.ts";
import { nameOfFile } from "../file_name.ts";
import { PointsView, SectionsView } from "../items/points_view.tsx";
import { BackTo, MadeOn } from "../lines.tsx";
import { MakeCards } from "../made_cards.tsx";
import { Missing } from "../missing.tsx";
import { ResultMenu } from "../result_menu.tsx";
import { ResultPage } from "../result_page.tsx";
import type { Source, Summary } from "../result_types.ts";
import { cardsOfSummary, exported, summaryQuery } from "../results_api.ts";
import { useStep } from "../step.tsx";
import { KINDS } from "./summaries_page.tsx";

const LIST = "/study/summaries";

/** One summary: to be read, printed, saved, and made into cards. */
export default function SummaryPage() {
  const { id = "" } = useParams({ strict: false });
  const { data: summary, error, refetch } = useQuery(summaryQuery(id));
  useTitle(summary?.title);
  if (!summary) return <Missing list={LIST} error={error} refetch={refetch} />;
  return (
    <ResultPage sources={sourcesIn(summary)}>
      <Whole summary={summary} />
    </ResultPage>
  );
}

const sourcesIn = ({ items }: Summary): Source[] => items.flatMap(({ source }) => source ?? []);

function Whole({ summary }: { summary: Summary }) {
  const go = useStep();
  const download = async () => {
    const text = await exported(`summaries/${summary.id}/export`);
    saveFile(new Blob([text], { type: "text/markdown" }), nameOfFile(summary.title, t`Summary`, "md"));
  };
  return (
    <article>
      <BackTo path={LIST}>
        <Trans>All summaries</Trans>
      </BackTo>
      <PageHead
        title={summary.title}
        lead={<Badge>{i18n._(KINDS[summary.kind])}</Badge>}
        actions={
          <>
            <Button
              icon={<Download size={16} aria-hidden />}
              onClick={() => void download().catch((error: unknown) => say(told(error)))}
            >
              <Trans>Save as Markdown</Trans>
            </Button>
            <Button icon={<Printer size={16} aria-hidden />} onClick={() => window.print()}>
              <Trans>Print or save as PDF</Trans>
            </Button>
            <ResultMenu
              kind="summaries"
              of={summary}
              lost={t`It is gone for good. The answer in the conversation stays.`}
              onRemoved={() => go(LIST)}
            />
          </>
        }
      />
      {summary.kind === "highyield" ? (
        <PointsView points={summary.items} />
      ) : (
        <SectionsView sections={summary.items} of="h2" />
      )}
      <div className="mt-8 flex flex-wrap items-center justify-between gap-3">
        <MakeCards label={t`Make cards of this`} make={() => cardsOfSummary(summary.id)} />
        <MadeOn at={summary.created_at} />
      </div>
    </article>
  );
}
