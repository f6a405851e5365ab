import { i18n, type MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Difficulty } from "../result_types.ts";

const NAMES: Record<string, MessageDescriptor> = { easy: msg`Easy`, medium: msg`Medium`, hard: msg`Hard` };

/** What a difficulty is called; what is not known here is shown as it is stored. */
export function difficultyName(difficulty: Difficulty): string {
  const name = NAMES[difficulty];
  return name ? i18n._(name) : difficulty;
}
