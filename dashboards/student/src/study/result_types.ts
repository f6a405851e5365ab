/** What commands make, as the API tells it: cards, questions and attempts at them, summaries and maps. */

/** Where the quoted words stand. */
export interface Source {
  document_id: string;
  title: string;
  page: number;
  /** The page as it is printed, where that is another. */
  label?: string | null;
  quote: string;
}

/** A card of a deck, as the conversation shows it. */
export interface Card {
  /** Of its note. */
  id: string;
  kind: "basic" | "cloze";
  front: string;
  back: string;
  source?: Source | null;
}

export type Difficulty = "easy" | "medium" | "hard" | (string & {});

export interface Option {
  text: string;
  /** In a quiz only when it may be seen. */
  explanation?: string | null;
}

export interface Question {
  id: string;
  stem: string;
  lead_in: string;
  options: Option[];
  /** The place of the right option, from 0. */
  answer: number;
  difficulty: Difficulty;
  /** May be empty. */
  topic: string;
  source?: Source | null;
  reported?: boolean;
}

/** A question of a set. While an exam asks it, its key and explanations are not told. */
export type SetQuestion = Omit<Question, "answer"> & { answer?: number; exam_id?: string | null };

export interface QuestionSet {
  id: string;
  title: string;
  count: number;
  reported: number;
  created_at: string;
  message_id?: string | null;
  topics: string[];
}

export type WholeSet = QuestionSet & { questions: SetQuestion[] };

/** How the student has answered questions of a topic. */
export interface Topic {
  topic: string;
  questions: number;
  answered: number;
  right: number;
}

export type Mode = "tutor" | "exam";

/** A question of an attempt. Key, explanations and source are there only when they may be seen. */
export interface QuizQuestion {
  position: number;
  question_id: string;
  stem: string;
  lead_in: string;
  options: Option[];
  topic: string;
  difficulty: Difficulty;
  option: number | null;
  flagged: boolean;
  eliminated: number[];
  answer?: number | null;
  source?: Source | null;
}

/** How many of some were right. */
export interface Share {
  right: number;
  total: number;
}

export interface Score {
  right: number;
  answered: number;
  total: number;
  seconds: number;
  by_topic: (Share & { topic: string })[];
  by_difficulty: (Share & { difficulty: Difficulty })[];
}

export interface Quiz {
  id: string;
  mode: Mode;
  state: "running" | "finished";
  started_at: string;
  ends_at: string | null;
  finished_at: string | null;
  /** What time it is at the server: the only clock that counts. */
  now: string;
  questions: QuizQuestion[];
  score?: Score | null;
}

/** An attempt as it is listed. */
export type ListedQuiz = Pick<Quiz, "id" | "mode" | "state" | "started_at" | "ends_at" | "finished_at"> & {
  total: number;
  answered: number;
  /** Null while it goes on. */
  right: number | null;
};

/** What an attempt is begun with. */
export interface NewQuiz {
  question_set_ids?: string[];
  topics?: string[];
  wrong_only?: boolean;
  count: number;
  mode: Mode;
  seconds_per_question?: number;
}

/** What a student does with a question of an attempt. */
export interface Answered {
  option: number | null;
  flagged?: boolean;
  eliminated?: number[];
}

export interface Point {
  text: string;
  source?: Source | null;
}

export interface Section {
  heading: string;
  body: string;
  source?: Source | null;
}

export type Summary = {
  id: string;
  title: string;
  message_id?: string | null;
  created_at: string;
} & ({ kind: "highyield"; items: Point[] } | { kind: "explain"; items: Section[] });

/** A summary as it is listed. */
export type ListedSummary = Omit<Summary, "items"> & { count: number };

export interface MapNode {
  id: string;
  label: string;
  kind: string;
  note?: string | null;
  /** The branch that it is folded into until that is opened. */
  collapsed_into?: string | null;
}

export interface MapEdge {
  from: string;
  to: string;
  verb: string;
}

export interface Graph {
  nodes: MapNode[];
  edges: MapEdge[];
}

export interface ConceptMap {
  id: string;
  title: string;
  map: Graph;
  message_id?: string | null;
  created_at: string;
}

export type ListedMap = Omit<ConceptMap, "map"> & { nodes: number };

/** What a command's answer became, and where that is kept. */
export interface Material {
  kind: "deck" | "question_set" | "summary" | "map";
  id: string;
}

/** A part of a list, and the place where the rest begins. */
export interface Page<T> {
  items: T[];
  next?: string | null;
}

/** Cards that were made of something, and the deck that has them. */
export interface MadeCards {
  deck_id: string;
  created: number;
}
