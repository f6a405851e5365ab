import { api, Problem, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { ago, Badge, Confirm, Panel, Switch, say } from "@medai/ui";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../app/may.ts";
import { Refused } from "../parts/refused.tsx";

const sharingQuery = queryOptions({
  queryKey: ["sharing"],
  queryFn: () => unwrap(api.GET("/api/admin/sharing")),
});

/** Whether students may share conversations by links. */
export function Sharing() {
  const manages = useMay()("ManageFeatures");
  const { data, error, refetch } = useQuery(sharingQuery);
  const [asking, setAsking] = useState(false);
  const [busy, setBusy] = useState(false);
  const set = async (enabled: boolean) => {
    setBusy(true);
    try {
      const after = await unwrap(api.PUT("/api/admin/sharing", { body: { enabled } }));
      queryClient.setQueryData(sharingQuery.queryKey, after);
      say(`Sharing by link: switched ${enabled ? "on" : "off"}`);
      setAsking(false);
    } catch (failure) {
      say(Problem.wrap(failure).message);
    } finally {
      setBusy(false);
    }
  };
  if (error && !data) return <Refused error={error} onRetry={() => void refetch()} />;
  if (!data) return null;
  const hint = (
    <>
      A student can make a link that shows one conversation to whoever has it, without signing in, and end it.
      While this is off, no link shows anything.
      {data.updated_at && ` Changed ${ago(data.updated_at)}.`}
    </>
  );
  return (
    <Panel title="Sharing by link" aside={!manages && <Badge>{data.enabled ? "On" : "Off"}</Badge>}>
      {manages ? (
        <Switch
          label="Students may share conversations"
          hint={hint}
          checked={data.enabled}
          disabled={busy}
          onChange={(enabled) => (enabled ? setAsking(true) : void set(false))}
        />
      ) : (
        <p className="text-muted">{hint}</p>
      )}
      <Confirm
        open={asking}
        harmless
        onClose={() => setAsking(false)}
        title="Let students share conversations?"
        description="What students asked and were answered can then be read outside of the platform by whoever gets a link. Links that were made before it was switched off show their conversations again."
        action="Switch on"
        busy={busy}
        onConfirm={() => void set(true)}
      />
    </Panel>
  );
}
