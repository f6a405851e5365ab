/** Answers as they are read: Markdown with tables, formulas and citations. Loaded apart from the first page. */
export { Markdown } from "./markdown.tsx";
