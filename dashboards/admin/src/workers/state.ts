import type { components } from "@medai/client";
import type { Tone } from "@medai/ui";

export type Process = components["schemas"]["Process"];

const STATES: Record<Process["state"], [Tone, string]> = {
  up: ["good", "Up"],
  draining: ["warn", "Draining"],
  drained: ["warn", "Drained"],
  lost: ["bad", "Lost"],
};
export const stateOf = ({ state }: Process): [Tone, string] => STATES[state];

const ROLES: Record<Process["roles"][number], string> = {
  api: "API",
  worker: "Worker",
  scheduler: "Scheduler",
};
/** `Worker`, `API, Scheduler` */
export const rolesOf = ({ roles }: Process): string => roles.map((role) => ROLES[role]).join(", ");

export const works = ({ roles }: Process): boolean => roles.includes("worker");

/** Whether another worker takes jobs while this one does not. */
export function othersTake(processes: Process[], name: string): boolean {
  return processes.some((other) => other.name !== name && works(other) && other.state === "up");
}
