/** Where pdf.js finds its own files: see `vite.pdfjs.ts`. */
declare const PDFJS_FILES: string;

/** A catalogue, as the build compiles it. */
declare module "*.po" {
  export const messages: import("@lingui/core").Messages;
}
