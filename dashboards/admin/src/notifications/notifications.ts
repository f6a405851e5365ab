import { api, type components, unwrap } from "@medai/client";
import { queryClient } from "@medai/client/react";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { given } from "../app/params.ts";
import type { DeliveryState } from "./search.ts";

type Schemas = components["schemas"];
export type Channel = Schemas["Channel"];
export type Delivery = Schemas["DeliveryView"];
export type Settings = Schemas["NotificationsView"];
export type Tested = Schemas["TestedChannel"];
export type Webhook = Schemas["WebhookView"];
export type Change = Schemas["NotificationsBody"];

export const CHANNELS = ["email", "webhook", "sms"] as const satisfies readonly Channel[];
export const CHANNEL_NAMES: Record<Channel, string> = { email: "E-mail", webhook: "Webhook", sms: "SMS" };
export const channelName = (channel: string): string => CHANNEL_NAMES[channel as Channel] ?? channel;

export const settingsQuery = queryOptions({
  queryKey: ["notifications", "settings"],
  queryFn: () => unwrap(api.GET("/api/admin/notifications")),
});

/** Sets a part of it. The answer has the secrets of new webhooks, which nobody sees again: they are not kept. */
export async function change(body: Change): Promise<Settings> {
  const after = await unwrap(api.PUT("/api/admin/notifications", { body }));
  queryClient.setQueryData(settingsQuery.queryKey, {
    ...after,
    webhooks: after.webhooks.map(({ secret: _, ...shown }) => shown),
  });
  return after;
}

export const deliveriesQuery = (state: DeliveryState | undefined) =>
  infiniteQueryOptions({
    queryKey: ["notifications", "deliveries", state],
    refetchInterval: 15_000,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor }) =>
      unwrap(
        api.GET("/api/admin/notifications/deliveries", {
          params: { query: given({ state, cursor, limit: 25 }) },
        }),
      ),
    getNextPageParam: ({ next }) => next ?? undefined,
  });

/** Sends a message through everything that is set up, and says how that went. */
export async function test(): Promise<Tested[]> {
  const { items } = await unwrap(api.POST("/api/admin/notifications/test"));
  void queryClient.invalidateQueries({ queryKey: ["notifications", "deliveries"] });
  return items;
}
