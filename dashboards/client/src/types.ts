import type { components } from "./schema.gen.ts";

type Schemas = components["schemas"];

export type Account = Schemas["Account"];
export type Accepted = Schemas["Accepted"];
export type AcceptedDocument = Schemas["AcceptedDocument"];
export type Advice = Schemas["Advice"];
/** What an answer's `[n]` stands for. The document may be gone by now: then it has no text. */
export type Citation = Schemas["Citation"];
export type Counter = Schemas["Counter"];
export type DocumentStatus = Schemas["DocumentStatus"];
export type Feature = Schemas["Feature"];
/** A passage that search found. */
export type Hit = Schemas["PassageView"];
export type JobView = Schemas["JobView"];
export type Message = Schemas["MessageView"];
export type MessageStatus = Schemas["MessageStatus"];
export type OwnKey = Schemas["OwnKeyView"];
/** An image that goes with a message. */
export type Picture = Schemas["ImageView"];
export type Plan = Schemas["Plan"];
export type PlanView = Schemas["PlanView"];
export type Role = Schemas["Role"];
export type Session = Schemas["SessionView"];
/** What everybody may know of the platform. */
export type Status = Schemas["WhatWorks"];
export type Usage = Schemas["Usage"];

/** Why a document cannot be searched, or not all of it. The API stores it as the worker wrote it. */
export interface DocumentError {
  code: string;
  message: string;
  details?: { ocr?: boolean };
}

/** How far a document's job is; pages and chunks by the step that it is in. */
export interface DocumentProgress {
  step?: string;
  percent?: number;
  pages_done?: number;
  pages?: number;
  chunks_done?: number;
  chunks?: number;
}

export type StudyDocument = Omit<Schemas["DocumentView"], "error" | "progress"> & {
  error?: DocumentError | null;
  progress?: DocumentProgress | null;
};
