/** Where what commands made is kept. */
import type { Material } from "./result_types.ts";

export const deckPath = (id: string): string => `/study/decks/${id}`;
export const reviewPath = (id: string): string => `/study/review?deck=${id}`;
export const setPath = (id: string): string => `/study/questions/${id}`;
export const quizPath = (id: string): string => `/study/quizzes/${id}`;
export const summaryPath = (id: string): string => `/study/summaries/${id}`;
export const mapPath = (id: string): string => `/study/maps/${id}`;

const PATHS: Record<Material["kind"], (id: string) => string> = {
  deck: deckPath,
  question_set: setPath,
  summary: summaryPath,
  map: mapPath,
};

export const pathOf = ({ kind, id }: Material): string => PATHS[kind](id);
