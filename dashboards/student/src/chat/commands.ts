import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg, t } from "@lingui/core/macro";
import type { Feature } from "@medai/client";
import { BookOpenText, Layers, ListChecks, type LucideIcon, Network, Zap } from "lucide-react";

export interface Command {
  name: string;
  feature: Feature;
  what: MessageDescriptor;
  example: MessageDescriptor;
  Icon: LucideIcon;
}

export const COMMANDS: readonly Command[] = [
  {
    name: "explain",
    feature: "explain",
    what: msg`A topic from the ground up`,
    example: msg`nephrotic syndrome`,
    Icon: BookOpenText,
  },
  {
    name: "highyield",
    feature: "highyield",
    what: msg`What exams ask, in short`,
    example: msg`heart failure`,
    Icon: Zap,
  },
  {
    name: "mcq",
    feature: "mcq",
    what: msg`Multiple-choice questions`,
    example: msg`acid–base balance`,
    Icon: ListChecks,
  },
  {
    name: "flashcard",
    feature: "flashcard",
    what: msg`Cards for spaced repetition`,
    example: msg`cranial nerves`,
    Icon: Layers,
  },
  { name: "map", feature: "map", what: msg`How things connect`, example: msg`the RAAS`, Icon: Network },
];

/** The commands that a draft may become: it begins with a slash, and its first word is not over. */
export function matching(draft: string): readonly Command[] {
  const typed = /^\/(\w*)$/.exec(draft)?.[1];
  return typed === undefined ? [] : COMMANDS.filter(({ name }) => name.startsWith(typed.toLowerCase()));
}

/** The command that a question was, and its topic. */
export function commandOf(content: string): { command: Command; topic: string } | undefined {
  const [, name, topic] = /^\s*\/(\w+)\s+([\s\S]+)$/.exec(content) ?? [];
  const command = COMMANDS.find((known) => known.name === name?.toLowerCase());
  return command && topic ? { command, topic: topic.trim() } : undefined;
}

/** Why a question cannot be sent as it stands: a command without its topic, or none that is known. */
export function lacking(content: string): string | undefined {
  const [, name, topic = ""] = /^\s*\/(\S*)([\s\S]*)$/.exec(content) ?? [];
  if (name === undefined) return undefined;
  const command = COMMANDS.find((known) => known.name === name.toLowerCase());
  if (!command) return t`There is no command /${name}. Type / to see all, or begin with another sign.`;
  if (topic.trim() !== "") return undefined;
  const asked = `/${command.name}`;
  return t`${asked} needs a topic, for example: ${asked} ${i18n._(command.example)}`;
}
