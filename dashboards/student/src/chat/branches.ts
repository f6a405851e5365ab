import type { Message } from "@medai/client";

/** A question, and the answer to it that is looked at. */
export interface Turn {
  question: Message;
  /** All wordings of the question, this one among them. */
  wordings: Message[];
  answer: Message | undefined;
  /** All answers to this wording. */
  answers: Message[];
}

/** Which of several children of a message is looked at; by default the branch with the newest message. */
export type Choice = Readonly<Record<string, string>>;

const ROOT = "root";

/** Under which name a choice between messages is kept. */
export const placeOf = (message: Pick<Message, "parent_id">): string => message.parent_id ?? ROOT;

/** The turns of the branch that is looked at. Ids grow with time, so the newest has the largest. */
export function turnsOf(messages: readonly Message[], choice: Choice): Turn[] {
  const children = new Map<string, Message[]>();
  for (const message of messages) {
    const place = placeOf(message);
    children.set(place, [...(children.get(place) ?? []), message]);
  }
  const newest = newestBelow(messages, children);
  const pick = (place: string): { among: Message[]; picked: Message | undefined } => {
    const among = children.get(place) ?? [];
    const chosen = among.find((message) => message.id === choice[place]);
    const latest = among.reduce<Message | undefined>((best, message) => {
      const id = newest.get(message.id) ?? message.id;
      return !best || id > (newest.get(best.id) ?? best.id) ? message : best;
    }, undefined);
    return { among, picked: chosen ?? latest };
  };
  const turns: Turn[] = [];
  for (let place: string | undefined = ROOT; place; ) {
    const { among: wordings, picked: question } = pick(place);
    if (!question) break;
    const { among: answers, picked: answer } = pick(question.id);
    turns.push({ question, wordings, answer, answers });
    place = answer?.id;
  }
  return turns;
}

/** The newest message of each branch, by the id of the message that it begins with. */
function newestBelow(messages: readonly Message[], children: Map<string, Message[]>): Map<string, string> {
  const newest = new Map<string, string>();
  // Children come after their parents, so from the end each child is known before its parent.
  const sorted = [...messages].sort((a, b) => (a.id < b.id ? 1 : -1));
  for (const message of sorted) {
    const below = (children.get(message.id) ?? []).map((child) => newest.get(child.id) ?? child.id);
    newest.set(
      message.id,
      [message.id, ...below].reduce((a, b) => (a > b ? a : b)),
    );
  }
  return newest;
}

/** The message that the next question follows. */
export const leafOf = (turns: readonly Turn[]): Message | undefined => {
  const last = turns.at(-1);
  return last?.answer ?? last?.question;
};
