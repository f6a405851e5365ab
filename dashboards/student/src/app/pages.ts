/** What is fetched when it is shown. */
import { chunk, preloadWhenIdle } from "@medai/client/chunks";

/** What is loaded for those who are signed in. */
export const Inside = chunk(async () => ({ default: (await import("./inside.tsx")).Inside }));
export const ChatPage = chunk(async () => ({ default: (await import("../chat/chat_page.tsx")).ChatPage }));
export const DocumentsPage = chunk(() => import("../documents/documents_page.tsx"));
export const UsagePage = chunk(() => import("../usage/usage_page.tsx"));
export const ProfilePage = chunk(() => import("../profile/profile_page.tsx"));
export const StudyPage = chunk(() => import("../study/overview_page.tsx"));
export const DeckPage = chunk(() => import("../study/deck/deck_page.tsx"));
export const ReviewPage = chunk(() => import("../study/review/review_page.tsx"));
export const StatisticsPage = chunk(() => import("../study/statistics/statistics_page.tsx"));
export const PlansPage = chunk(() => import("../plans/plans_page.tsx"));
export const SharedPage = chunk(() => import("../shared/shared_page.tsx"));
export const QuestionsPage = chunk(() => import("../study/questions/questions_page.tsx"));
export const SetPage = chunk(() => import("../study/questions/set_page.tsx"));
export const QuizPage = chunk(() => import("../study/quizzes/quiz_page.tsx"));
export const SummariesPage = chunk(() => import("../study/summaries/summaries_page.tsx"));
export const SummaryPage = chunk(() => import("../study/summaries/summary_page.tsx"));
export const MapsPage = chunk(() => import("../study/maps/maps_page.tsx"));
export const MapPage = chunk(() => import("../study/maps/map_page.tsx"));

/** Whoever has just typed a password will see these next. */
export function fetchInside(): void {
  // Where it fails now, the page that needs it says so.
  void Inside.preload();
  void ChatPage.preload();
}

/** Whoever is in may go to these: they are there before they are asked for, and without network too. */
export const fetchPages = (more: readonly { preload: () => Promise<void> }[]): void =>
  preloadWhenIdle([
    ...more,
    ChatPage,
    StudyPage,
    ReviewPage,
    DeckPage,
    QuizPage,
    DocumentsPage,
    UsagePage,
    ProfilePage,
    PlansPage,
    StatisticsPage,
  ]);
