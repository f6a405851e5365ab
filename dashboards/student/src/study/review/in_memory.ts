/** Answers that are kept by their page alone. */
import type { AnswerStore, Waiting } from "./outbox.ts";

export function inMemory(): AnswerStore {
  let kept: Waiting[] = [];
  let last = 0;
  return {
    add: async (answer) => {
      last += 1;
      kept.push({ ...answer, seq: last });
    },
    all: async () => [...kept],
    remove: async (seq) => {
      kept = kept.filter((each) => each.seq !== seq);
    },
  };
}
