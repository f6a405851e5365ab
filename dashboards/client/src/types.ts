import type { components } from "./schema.gen.ts";

type Schemas = components["schemas"];

export type Account = Schemas["Account"];
export type Accepted = Schemas["Accepted"];
export type Advice = Schemas["Advice"];
export type Counter = Schemas["Counter"];
export type Feature = Schemas["Feature"];
export type JobView = Schemas["JobView"];
export type Message = Schemas["MessageView"];
export type MessageStatus = Schemas["MessageStatus"];
export type Plan = Schemas["Plan"];
export type Role = Schemas["Role"];
export type Session = Schemas["SessionView"];
export type Usage = Schemas["Usage"];
