import type { components } from "@medai/client";
import { oneOf } from "../app/params.ts";

export type DeliveryState = components["schemas"]["DeliveryState"];

export const STATES = ["failed", "waiting", "delivered"] as const satisfies readonly DeliveryState[];

export interface NotificationsSearch {
  /** Deliveries of that state. */
  state?: DeliveryState | undefined;
}

/** What of the page is in its address. */
export function search(given: Record<string, unknown>): NotificationsSearch {
  return { state: oneOf(STATES, given.state) };
}
