import { t } from "@lingui/core/macro";
import type { Citation, Message } from "@medai/client";
import { pageOf } from "../source/doubt.ts";
import { turnsOf } from "./branches.ts";

/** A conversation as Markdown: the branch with the newest message, and what its answers cite. */
export function markdownOf(title: string, messages: readonly Message[]): string {
  const parts = [`# ${title}`];
  for (const { question, answer } of turnsOf(messages, {})) {
    parts.push(`## ${question.content.replaceAll("\n", "\n## ")}`);
    if (!answer || answer.content === "") continue;
    parts.push(answer.content);
    const sources = answer.citations.map(sourceOf);
    if (sources.length > 0) parts.push(sources.join("\n"));
  }
  return `${parts.join("\n\n")}\n`;
}

const sourceOf = ({ n, title, page, label }: Citation) =>
  `[${n}] ${t`${title}, page ${pageOf({ page, label: label ?? null })}`}  `;
