import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Empty, PageHead } from "@medai/ui";
import { useTitle } from "../../app/title.ts";
import { MadeOn } from "../lines.tsx";
import { Listed } from "../listed.tsx";
import { mapPath } from "../paths.ts";
import { ResultMenu } from "../result_menu.tsx";
import { ResultPage } from "../result_page.tsx";
import { useList } from "../results_api.ts";
import { Step } from "../step.tsx";

/** All maps. */
export default function MapsPage() {
  useTitle(t`Maps`);
  const list = useList("maps");
  return (
    <ResultPage>
      <PageHead title={t`Maps`} lead={t`What /map made: how terms hang together.`} />
      <Listed
        label={t`Maps`}
        list={list}
        empty={
          <Empty title={t`No maps yet`}>
            <Trans>Ask with /map and a topic, and it is kept here.</Trans>
          </Empty>
        }
      >
        {(map) => (
          <>
            <div className="min-w-0 flex-1">
              <Step path={mapPath(map.id)} className="font-medium hover:underline">
                <span dir="auto" className="line-clamp-2 [overflow-wrap:anywhere]">
                  {map.title}
                </span>
              </Step>
              <MadeOn at={map.created_at} />
            </div>
            <ResultMenu
              kind="maps"
              of={map}
              lost={t`It is gone for good. The answer in the conversation stays.`}
            />
          </>
        )}
      </Listed>
    </ResultPage>
  );
}
