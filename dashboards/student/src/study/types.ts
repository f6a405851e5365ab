/** What the API says of studying. These are the shapes of its contract, until the client made from OpenAPI has them. */

/** Where in a document something stands. */
export interface Source {
  document_id: string;
  title: string;
  page: number;
  label: string | null;
  quote: string;
}

export interface DeckCounts {
  new: number;
  learning: number;
  due: number;
  suspended: number;
  total: number;
}

export interface Deck {
  id: string;
  /** With the titles of the decks above, `A::B`. */
  title: string;
  new_per_day: number;
  reviews_per_day: number;
  desired_retention: number;
  /** In minutes. */
  learning_steps: number[];
  counts: DeckCounts;
  created_at: string;
  updated_at: string;
}

export type DeckChange = Partial<
  Pick<Deck, "title" | "new_per_day" | "reviews_per_day" | "desired_retention" | "learning_steps">
>;

export type NoteKind = "basic" | "basic_reversed" | "cloze" | "image_occlusion";
export type CardState = "new" | "learning" | "review" | "relearning";

export interface Sides {
  front: string;
  back: string;
}

export interface ClozeText {
  text: string;
  extra: string;
}

/** A part of a picture that is covered; in shares of its width and height. */
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
  label?: string;
}

/** A picture, or a page of a document, with parts of it covered. */
export interface Occlusion {
  image_id?: string | null;
  document_id?: string | null;
  page?: number | null;
  boxes: Box[];
  mode: "hide_all" | "hide_one";
  header: string;
  extra: string;
}

/** The fields of a note, by its kind. */
export type Filled =
  | { kind: "basic" | "basic_reversed"; fields: Sides }
  | { kind: "cloze"; fields: ClozeText }
  | { kind: "image_occlusion"; fields: Occlusion };

export interface NoteCard {
  id: string;
  ordinal: number;
  state: CardState;
  due_at: string | null;
  due_day: string | number | null;
  interval: number;
  suspended: boolean;
  lapses: number;
  reps: number;
}

export type Note = Filled & {
  id: string;
  deck_id: string;
  tags: string[];
  source: Source | null;
  created_by: string;
  cards: NoteCard[];
  created_at: string;
  updated_at: string;
};

export type NewNote = Filled & { tags: string[] };

export type Rating = 1 | 2 | 3 | 4;
export type RatingName = "again" | "hard" | "good" | "easy";

export interface Next {
  interval_seconds: number;
  label: string;
}

/** A card that is asked. */
export type QueueCard = Filled & {
  card_id: string;
  note_id: string;
  deck_id: string;
  deck_title: string;
  ordinal: number;
  tags: string[];
  source: Source | null;
  state: CardState;
  due_at: string | null;
  reps: number;
  lapses: number;
  next: Record<RatingName, Next>;
};

export interface QueueCounts {
  new: number;
  learning: number;
  due: number;
}

export interface Backlog {
  cap: number;
  left: number;
  days: number | null;
}

export interface Queue {
  items: QueueCard[];
  counts: QueueCounts;
  day: string | number;
  day_ends_at: string;
  backlog: Backlog | null;
  /** When the next card comes back that is in steps. */
  learning_due_at: string | null;
}

export interface ReviewedCard {
  id: string;
  state: CardState;
  step: number;
  due_at: string | null;
  due_day: string | number | null;
  interval: number;
  reps: number;
  lapses: number;
  suspended: boolean;
  leech: boolean;
}

export interface Reviewed {
  card: ReviewedCard;
  next_interval: string;
  review_id: string;
}

export interface Today {
  due: number;
  new: number;
  learning: number;
  backlog: Backlog | null;
  reviewed_today: number;
  minutes_today: number;
  decks_due: number;
}

export interface StudySettings {
  time_zone: string;
  fitted: { at: string; reviews: number; loss_before: number; loss_after: number } | null;
  parameters_fitted: boolean;
}

export interface DayOfReviews {
  date: string;
  reviews: number;
  again: number;
  minutes: number;
  new: number;
}

export interface Bucket {
  days_to: number | null;
  count: number;
}

export interface Stats {
  days: DayOfReviews[];
  retention: {
    desired: number | null;
    true: number | null;
    reviews: number;
    young?: number | null;
    mature?: number | null;
  };
  forecast: { date: string; due: number }[];
  intervals: Bucket[];
  stability: Bucket[];
  hours: { hour: number; reviews: number; recalled: number }[];
  totals: {
    cards: number;
    new: number;
    learning: number;
    young: number;
    mature: number;
    suspended: number;
    streak_days?: number;
  };
}

export type NoteAction = "delete" | "move" | "tag" | "untag" | "suspend" | "unsuspend" | "reset" | "bury";
export type CardAction = "suspend" | "unsuspend" | "bury" | "reset";

/** A job that was begun. */
export interface Begun {
  job: { id: string; state: string };
  events_url: string;
}

export interface Page<T> {
  items: T[];
  next?: string | null;
}
