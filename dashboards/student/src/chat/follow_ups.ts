/**
 * What may be asked next, made from the question and from what its answer cites, without asking anybody. Pure and always
 * the same. Where nothing is surely a term, only the commands are left: none is better than nonsense.
 */
import { t } from "@lingui/core/macro";
import type { Citation } from "@medai/client";
import { commandOf } from "./commands.ts";

export interface FollowUp {
  /** What is read. */
  label: string;
  /** What is put where questions are written. */
  text: string;
}

interface Facts {
  question: string;
  answer: string;
  citations: readonly Pick<Citation, "text">[];
}

const MOST = 3;
/** A topic is named by so many words; more is a sentence. */
const TOPIC_WORDS = 6;
const TOPIC_CHARS = 60;

export function followUps({ question, answer, citations }: Facts): FollowUp[] {
  const command = commandOf(question);
  const topic = command ? topicAfter(command) : topicOf(question);
  if (topic.length > TOPIC_CHARS && command) return [];
  const named = topic !== "" && topic.length <= TOPIC_CHARS;
  // Without a topic of its own, the whole question is one.
  const about = named ? topic : question.trim().replace(/\s+/g, " ");
  if (about === "" || about.length > 300) return [];
  const commands: FollowUp[] = [];
  const offer = (name: string, label: string) => {
    if (command?.command.name !== name) commands.push({ label, text: `/${name} ${about}` });
  };
  offer("mcq", named ? t`Quiz me on ${topic}` : t`Quiz me on this`);
  offer("flashcard", t`Make flashcards of this`);
  const [term] = termsIn(citations, answer, question);
  const asked = term ? [{ label: t`Explain ${term}`, text: `/explain ${term}` }] : [];
  return [...asked, ...commands].slice(0, MOST);
}

/** `/mcq 5 gout` is about gout, and five is how many. */
function topicAfter({ command, topic }: NonNullable<ReturnType<typeof commandOf>>): string {
  const counted = command.name === "mcq" || command.name === "flashcard";
  return counted ? topic.trim().replace(/^\d{1,3}\s+(?=\S)/, "") : topic.trim();
}

/** How questions begin that name their topic right after it. */
const OPENINGS: RegExp[] = [
  /^(?:please |could you |can you |would you )*(?:explain|describe|summari[sz]e|define|tell me (?:more )?about|teach me (?:about )?)\s+(?:to me )?/i,
  /^what(?:'s|’s| is| are| was| were)\s+(?:meant by\s+)?/i,
  /^(?:was (?:ist|sind)|erklär(?:e|st du)?(?: mir)?|beschreib(?:e)?|definiere)\s+/i,
];
const ARTICLE = /^(?:the|a|an|der|die|das|ein|eine|den|dem)\s+/i;
/** What makes of a topic a sentence, or leans on what was said before. */
const SENTENCE =
  /[?!:;()"“”]|\b(?:is|are|was|were|do|does|did|can|could|should|would|will|may|might|must|has|have|had|it|they|them|its|their|this|that|these|those|you|your|i|me|my|we|which|who|whom|whose|when|where|why|how|what|if|because|and why|between|ist|sind|hat|haben|wird|werden|kann|soll|es|sie|ihr|ihre|dies|diese|dieser|dieses|warum|wie|wann|wer)\b/i;
/** Words that are no topic by themselves. */
const EMPTY =
  /^(?:more|else|next|it|that|them|example|examples|difference|hello|hi|thanks|thank you|ok|okay|yes|no|test|topic|this topic|first|second|one|other|others|answer)$/i;

/** The topic of a plain question, such as "preload" of "What is preload?"; empty where it is none for certain. */
export function topicOf(question: string): string {
  const line = question
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[?.!\s]+$/, "");
  const opening = OPENINGS.find((known) => known.test(line));
  const rest = (opening ? line.replace(opening, "") : line).replace(ARTICLE, "").trim();
  // What opens otherwise is a topic only where it is nothing else.
  const words = rest.split(" ").length;
  if (rest.length < 3 || words > (opening ? TOPIC_WORDS : 3) || SENTENCE.test(rest) || EMPTY.test(rest))
    return "";
  if (!/\p{L}{3}/u.test(rest) || /^[/@#]/.test(rest)) return "";
  return rest;
}

/** The forms of medical terms: diseases, findings, procedures, and the stems of drugs’ names. */
const TERM =
  /^\p{L}{2,}(?:itis|osis|iasis|aemia|emia|anaemia|pathy|trophy|plasia|carcinoma|sarcoma|blastoma|lymphoma|adenoma|melanoma|myoma|uria|algia|ectomy|ostomy|scopy|plasty|megaly|sclerosis|stenosis|thrombosis|embolism|oedema|edema|tension|cardia|pnoea|pnea|plegia|paresis|phagia|phasia|rrhagia|rrhoea|rrhea|rrhythmia|cytosis|penia|philia|toxicity|statin|pril|sartan|olol|dipine|gliptin|gliflozin|mycin|cillin|cycline|floxacin|azole|prazole|semide|thiazide|parin|xaban|setron|triptan|caine|barbital|azepam)s?$/iu;
/** Of these forms, and no terms. */
const PLAIN =
  /^(?:attention|intention|retention|extension|contention|detention|pretension|diagnosis|prognosis|hypothesis|prosthesis|basis|oasis|synthesis|emphasis|crisis|analysis|tension|april|statins?)$/i;

/** Terms that passages of an answer use and the question does not: those that the answer says, the most frequent first. */
export function termsIn(
  passages: readonly Pick<Citation, "text">[],
  answer: string,
  question: string,
): string[] {
  const asked = wordsOf(question.toLowerCase());
  const said = new Set(wordsOf(answer.toLowerCase()));
  const counts = new Map<string, { count: number; at: number; written: string }>();
  for (const word of passages.flatMap(({ text }) => wordsOf(text ?? ""))) {
    const key = word.toLowerCase();
    if (!TERM.test(key) || PLAIN.test(key) || !said.has(key) || asked.some((known) => isLike(known, key)))
      continue;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { count: 1, at: counts.size, written: isName(word) ? word : key });
  }
  return [...counts.values()].sort((a, b) => b.count - a.count || a.at - b.at).map(({ written }) => written);
}

const wordsOf = (text: string): string[] => text.match(/\p{L}[\p{L}-]*\p{L}/gu) ?? [];
/** One of the two is a form of the other, or has it as its part. */
const isLike = (a: string, b: string): boolean =>
  a === b || (a.length > 4 && b.includes(a.slice(0, -1))) || (b.length > 4 && a.includes(b.slice(0, -1)));
/** Written large within, so not for standing first. */
const isName = (word: string): boolean => /\p{Lu}/u.test(word.slice(1));
