import { api, type components, unwrap } from "@medai/client";
import { queryClient, statusQuery } from "@medai/client/react";
import { queryOptions } from "@tanstack/react-query";
import type { FeatureView } from "./limits.ts";
import type { StudentFeature } from "./names.ts";

export const featuresQuery = queryOptions({
  queryKey: ["features"],
  refetchInterval: 20_000,
  queryFn: async () => (await unwrap(api.GET("/api/admin/features"))).items,
});

/** Switches a feature, or sets its limits. What students are told changes with it. */
export async function change(
  feature: StudentFeature,
  body: components["schemas"]["FeatureChange"],
): Promise<void> {
  const after = await unwrap(
    api.PUT("/api/admin/features/{feature}", { params: { path: { feature } }, body }),
  );
  queryClient.setQueryData<FeatureView[]>(featuresQuery.queryKey, (features) =>
    features?.map((each) => (each.feature === after.feature ? after : each)),
  );
  void queryClient.invalidateQueries({ queryKey: statusQuery.queryKey });
}
