import { useTries } from "@medai/client/react";
import { Button, Notice, PageHead, Skeleton } from "@medai/ui";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Send } from "lucide-react";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { PageFrame } from "../app/shell.tsx";
import { useTitle } from "../app/title.ts";
import { Refused } from "../parts/refused.tsx";
import { Admins } from "./admins.tsx";
import { Deliveries } from "./deliveries.tsx";
import { deliveriesQuery, settingsQuery, type Tested, test } from "./notifications.ts";
import { Emails, Phones } from "./recipients_panel.tsx";
import { TestResults } from "./test_results.tsx";
import { ThresholdsPanel } from "./thresholds.tsx";
import { Types } from "./types.tsx";
import { Webhooks } from "./webhooks.tsx";

/** Who is told what, how that goes, and who is an admin at all. */
export default function NotificationsPage() {
  useTitle("Notifications");
  const may = useMay();
  const { data: settings, error, refetch } = useQuery(settingsQuery);
  const { problem, busy, attempt } = useTries();
  const [tested, setTested] = useState<Tested[]>();
  return (
    <PageFrame>
      <PageHead
        title="Notifications"
        lead="Which events notify whom, through which channel, and whether messages arrive."
        actions={
          may("ManageNotifications") && (
            <Button
              icon={<Send size={16} aria-hidden />}
              busy={busy}
              onClick={() => {
                setTested(undefined);
                void attempt(async () => setTested(await test()));
              }}
            >
              {busy ? "Sending" : "Send a test"}
            </Button>
          )
        }
      />
      <div className="flex flex-col gap-5">
        {problem && <Refused error={problem} />}
        {tested && <TestResults items={tested} onClose={() => setTested(undefined)} />}
        <Dead />
        {error && !settings && <Refused error={error} onRetry={() => void refetch()} />}
        {!settings && !error && <Skeleton className="h-96" />}
        {settings && (
          <>
            <div className="grid grid-cols-1 gap-5 md:grid-cols-2 xl:grid-cols-4">
              <Emails settings={settings} />
              <Webhooks settings={settings} />
              <Phones settings={settings} />
              <ThresholdsPanel settings={settings} />
            </div>
            <Types settings={settings} />
          </>
        )}
        <Deliveries />
        {may("ManageAdmins") && <Admins />}
      </div>
    </PageFrame>
  );
}

const DAY = 86_400_000;

/** What did not arrive today must be seen: who would be told of it is not told. */
function Dead() {
  const navigate = useNavigate();
  const { data } = useInfiniteQuery(deliveriesQuery("failed"));
  const since = Date.now() - DAY;
  const dead = data?.pages[0]?.items.filter(({ updated_at: at }) => new Date(at).getTime() > since) ?? [];
  if (dead.length === 0) return null;
  const targets = [...new Set(dead.map(({ target }) => target))];
  return (
    <Notice
      tone="bad"
      title={`${dead.length === 1 ? "One message was" : `${dead.length} messages were`} given up in the last 24 hours`}
      actions={
        <Button
          size="sm"
          onClick={() =>
            void navigate({ to: "/notifications", search: { state: "failed" }, resetScroll: false })
          }
        >
          Show them
        </Button>
      }
    >
      <p className="[overflow-wrap:anywhere]">
        To {targets.slice(0, 4).join(", ")}
        {targets.length > 4 && " and others"}.
      </p>
    </Notice>
  );
}
