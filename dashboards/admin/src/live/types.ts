import type { components } from "@medai/client";

type Schemas = components["schemas"];
export type QueueView = Schemas["QueueView"];
export type Live = Schemas["LiveSnapshot"];
export type LiveFeature = Schemas["LiveFeature"];
export type LiveAlarm = Schemas["LiveAlarm"];
export type AlarmKind = Schemas["LiveAlarmKind"];
export type LiveEvent = Schemas["LiveEvent"];
