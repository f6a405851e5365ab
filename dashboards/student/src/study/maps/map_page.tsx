import { t } from "@lingui/core/macro";
import { Trans } from "@lingui/react/macro";
import { Button, Menu, PageHead, say } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Download } from "lucide-react";
import { told } from "../../app/api_message.ts";
import { useTitle } from "../../app/title.ts";
import { BackTo, MadeOn } from "../lines.tsx";
import { Missing } from "../missing.tsx";
import { ResultMenu } from "../result_menu.tsx";
import { ResultPage } from "../result_page.tsx";
import type { ConceptMap } from "../result_types.ts";
import { mapQuery } from "../results_api.ts";
import { useStep } from "../step.tsx";
import { useAsk } from "./ask.ts";
import { saveMermaid, savePng, saveSvg } from "./export.ts";
import type { Drawing } from "./layout.ts";
import { MapView } from "./map_view.tsx";

const LIST = "/study/maps";

/** One map, as large as the page. */
export default function MapPage() {
  const { id = "" } = useParams({ strict: false });
  const { data: map, error, refetch } = useQuery(mapQuery(id));
  useTitle(map?.title);
  if (!map) return <Missing list={LIST} error={error} refetch={refetch} />;
  return (
    <ResultPage>
      <Whole map={map} />
    </ResultPage>
  );
}

function Whole({ map }: { map: ConceptMap }) {
  const go = useStep();
  const ask = useAsk(map.title);
  return (
    <article>
      <BackTo path={LIST}>
        <Trans>All maps</Trans>
      </BackTo>
      <PageHead
        title={map.title}
        actions={
          <ResultMenu
            kind="maps"
            of={map}
            lost={t`It is gone for good. The answer in the conversation stays.`}
            onRemoved={() => go(LIST)}
          />
        }
      />
      <MapView
        title={map.title}
        graph={map.map}
        onAsk={ask}
        height="h-[62dvh] min-h-80"
        actions={(drawing, kinds) => drawing && <Save map={map} drawing={drawing} kinds={kinds} />}
      />
      <div className="mt-4">
        <MadeOn at={map.created_at} />
      </div>
    </article>
  );
}

function Save({ map, drawing, kinds }: { map: ConceptMap; drawing: Drawing; kinds: readonly string[] }) {
  const attempt = (work: Promise<void>) => void work.catch((error: unknown) => say(told(error)));
  return (
    <Menu
      label={t`Save the map`}
      trigger={
        <Button size="sm" look="quiet" icon={<Download size={16} aria-hidden />}>
          <Trans>Save</Trans>
        </Button>
      }
      items={[
        { label: t`As a drawing (SVG)`, onSelect: () => saveSvg(drawing, map.title, kinds) },
        { label: t`As a picture (PNG)`, onSelect: () => attempt(savePng(drawing, map.title, kinds)) },
        { label: t`As text (Mermaid)`, onSelect: () => attempt(saveMermaid(map.id, map.title)) },
      ]}
    />
  );
}
