import type { Turn } from "./branches.ts";

const PER_LINE = 27;
const CHARS_A_LINE = 72;
/** The padding, the bars and the least that an answer takes. */
const AROUND = 150;

/** About how high a turn is, in pixels: what is kept free for it until it is drawn, so that the scrollbar tells the truth. */
export function estimate({ question, answer }: Turn): number {
  const lines = linesOf(question.content) + linesOf(answer?.content ?? "");
  const pictures = (question.attachments?.length ?? 0) > 0 ? 120 : 0;
  return AROUND + pictures + lines * PER_LINE;
}

/** Long lines are broken, and short ones end where they do. */
function linesOf(text: string): number {
  let lines = 0;
  for (const line of text.split("\n")) lines += Math.max(1, Math.ceil(line.length / CHARS_A_LINE));
  return lines;
}
