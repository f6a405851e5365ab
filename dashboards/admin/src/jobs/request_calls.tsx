import { api, unwrap } from "@medai/client";
import { Panel } from "@medai/ui";
import { useQuery } from "@tanstack/react-query";
import { Calls } from "./calls.tsx";

/** What an id of a request looks like. */
const ID = /^[\w.-]{1,64}$/;

/** Where what is looked for is the id of a request: the keys that were tried for it, whichever of its jobs did. */
export function RequestCalls({ request }: { request: string }) {
  const { data } = useQuery({
    queryKey: ["calls", request],
    enabled: ID.test(request),
    queryFn: async () =>
      (await unwrap(api.GET("/api/admin/calls", { params: { query: { request } } }))).items,
  });
  if (!data?.length) return null;
  return (
    <div className="mb-5">
      <Panel title="Keys tried for this request" aside="without what was said">
        <Calls calls={data} named />
      </Panel>
    </div>
  );
}
